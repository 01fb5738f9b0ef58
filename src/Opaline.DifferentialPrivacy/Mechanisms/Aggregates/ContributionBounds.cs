using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The most that one privacy unit has in the rows of a release, as public constants: what is above is dropped before a mechanism sees the
/// rows, by a rule that looks at the unit's own rows only. With them the sensitivity of a sum over rows follows from that of one row.
/// </summary>
public sealed record ContributionBounds
{
    /// <summary>Checks the bounds.</summary>
    /// <param name="maxPartitions">The most groups of the release in which a unit has rows, at least 1; l0 in the formulas.</param>
    /// <param name="maxRowsPerPartition">The most rows that a unit has in one group, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is below 1.</exception>
    public ContributionBounds(int maxPartitions, int maxRowsPerPartition)
    {
        Domain.AtLeastOne(maxPartitions);
        Domain.AtLeastOne(maxRowsPerPartition);
        MaxPartitions = maxPartitions;
        MaxRowsPerPartition = maxRowsPerPartition;
    }

    /// <summary>One row in one group.</summary>
    public static ContributionBounds OneRow { get; } = new(1, 1);

    /// <summary>The most groups of the release in which a unit has rows.</summary>
    public int MaxPartitions { get; }

    /// <summary>The most rows that a unit has in one group.</summary>
    public int MaxRowsPerPartition { get; }

    /// <summary>Δ1 of a sum over rows in every group, where one row adds at most <paramref name="perRow"/> to it.</summary>
    internal BigInteger L1(BigInteger perRow) => perRow * MaxPartitions * MaxRowsPerPartition;

    /// <summary>Δ2² of the same: each group changes by at most all the rows of the unit in it.</summary>
    internal BigInteger SquaredL2(BigInteger perRow) => BigInteger.Pow(perRow * MaxRowsPerPartition, 2) * MaxPartitions;
}
