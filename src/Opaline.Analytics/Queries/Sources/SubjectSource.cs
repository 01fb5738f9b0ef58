using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>
/// One row per subject, or per subject and values of keys, with bounded numbers: a subquery that carries the subject out. Its time is that of the subject's
/// first row.
/// </summary>
/// <param name="Source">Whose rows are summed up.</param>
/// <param name="Values">The numbers; 1 to <see cref="QueryLimits.MaxMeasures"/>.</param>
public sealed record SubjectSource(Source Source, ImmutableArray<SubjectValue> Values) : Source
{
    /// <summary>Conditions on the rows that are summed up, all of which must hold.</summary>
    public ImmutableArray<Expression> Where { get; init; } = [];

    /// <summary>Keys that make several rows of a subject; none for one.</summary>
    public ImmutableArray<ExpressionKey> GroupBy { get; init; } = [];

    /// <inheritdoc />
    public override string Dataset => Source.Dataset;
}
