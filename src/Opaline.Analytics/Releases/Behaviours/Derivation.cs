using System.Collections.Immutable;
using System.Numerics;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// The form in which a behaviour answers: which integers are asked for, and how rows are made of them once they have their noise. All of that is
/// post-processing, so it costs nothing.
/// </summary>
internal abstract record Derivation
{
    /// <summary>Bounds of a question that names none; null for the dataset's.</summary>
    public virtual ContributionBounds? Bounds => null;

    /// <summary>What is counted.</summary>
    public abstract ImmutableArray<Measure> Measures { get; }

    /// <summary>Values of a row that are made of others.</summary>
    public virtual ImmutableArray<PlannedMeasure> Rates => [];

    /// <summary>What the keys of the rows are; null where they are those of the cells.</summary>
    public virtual ValueKind? RowKeys => null;

    /// <summary>The keys of the cells.</summary>
    /// <param name="asked">Keys that the question adds.</param>
    /// <exception cref="QueryRefusedException">The behaviour has no such keys.</exception>
    public abstract ImmutableArray<GroupKey> Keys(ImmutableArray<GroupKey> asked);

    /// <summary>Refuses what cannot be answered in this form.</summary>
    public virtual void Check(QueryPlan plan, Query query)
    {
    }

    /// <summary>Does what takes a while and is public; what is returned makes rows of cells. Null for a row per cell.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sums">The half-widths of sums of its noise.</param>
    public abstract Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>>? Prepare(QueryPlan plan, SummedNoise sums);

    /// <summary>A value that is made of others.</summary>
    protected static PlannedMeasure Rate(string name) => new(name, MeasureFunction.Rate, null, null, [], [], [], MeasurePrecision.None);

    /// <summary>The noisy number of a component in a cell.</summary>
    protected static BigInteger Noisy(CellSums sums, ReleaseNoise noise, int cell, int component) => sums[cell, component][0] + noise.Of(component, cell)[0];

    /// <summary>Bounds that cut nothing where groups are few.</summary>
    protected static ContributionBounds All { get; } = new(QueryLimits.MaxBound, 1);

    /// <summary>A number of subjects: not negative, as the truth is; the interval is cut there and reaches to the value.</summary>
    /// <param name="value">What is told: as good as the noisy number, or better.</param>
    /// <param name="noisy">The noisy number.</param>
    /// <param name="halfWidth">Half the width of its interval.</param>
    protected static AnswerValue Count(BigInteger value, BigInteger noisy, BigInteger halfWidth) => new(
        Number(BigInteger.Max(0, value)),
        Number(halfWidth),
        Number(BigInteger.Max(0, noisy - halfWidth)),
        Number(BigInteger.Max(BigInteger.Max(0, value), noisy + halfWidth)));

    private static decimal Number(BigInteger integer) => (decimal)BigInteger.Clamp(integer, -RateAccuracy.Most, RateAccuracy.Most);
}
