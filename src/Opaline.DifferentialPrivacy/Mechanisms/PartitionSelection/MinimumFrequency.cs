namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A floor under any private selection of keys: a key of fewer than m units is never told, and one of n units is chosen as if it had n − (m
/// − 1). Where the selection beneath counts bounded rows and not distinct units, m is a number of rows.
/// <list type="bullet">
/// <item>Input domain: as of the selection beneath.</item>
/// <item>Sensitivity: max(0, n − (m − 1)) changes by no more than n, and a key that nobody has stays one.</item>
/// <item>Privacy loss: that of the selection beneath, for every m: the floor is a promise on top of it, and costs a key m − 1 units.</item>
/// <item>Source: google/differential-privacy, common_docs/pre_thresholding.md.</item>
/// </list>
/// </summary>
public sealed class MinimumFrequency : IPartitionSelection
{
    private readonly IPartitionSelection _selection;

    /// <summary>The floor m under a selection.</summary>
    /// <param name="selection">The selection beneath.</param>
    /// <param name="leastUnits">m, at least 1; 1 changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">m is below 1.</exception>
    public MinimumFrequency(IPartitionSelection selection, long leastUnits)
    {
        ArgumentNullException.ThrowIfNull(selection);
        Domain.Within(leastUnits, 1, long.MaxValue);
        _selection = selection;
        LeastUnits = leastUnits;
    }

    /// <summary>m: a key of fewer units is never told.</summary>
    public long LeastUnits { get; }

    /// <inheritdoc/>
    public PrivacyLoss Loss => _selection.Loss;

    /// <inheritdoc/>
    public bool Keeps(long units) => _selection.Keeps(AboveFloor(units));

    /// <inheritdoc/>
    public double KeepProbability(long units) => _selection.KeepProbability(AboveFloor(units));

    private long AboveFloor(long units)
    {
        Domain.NotNegative(units);
        return Math.Max(0, units - (LeastUnits - 1));
    }
}
