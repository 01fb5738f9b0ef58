using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// A question, as every front end builds it. It says what is asked and never how it is computed or what it costs; the planner decides that.
/// </summary>
/// <param name="Source">What is read; a name for the rows of a dataset.</param>
/// <param name="Measures">
/// What is counted or added up; 1 to <see cref="QueryLimits.MaxMeasures"/>. None for a behaviour that answers in a form of its own.
/// </param>
public sealed record Query(Source Source, ImmutableArray<Measure> Measures)
{
    /// <summary>Name of the first dataset that is read.</summary>
    public string Dataset => Source.Dataset;

    /// <summary>Conditions on a row, all of which must hold.</summary>
    public ImmutableArray<Expression> Where { get; init; } = [];

    /// <summary>Keys of the answer's rows, in order; none for a single row.</summary>
    public ImmutableArray<GroupKey> GroupBy { get; init; } = [];

    /// <summary>First instant asked about; null for the start of the dataset's declared range.</summary>
    public RangeEdge? From { get; init; }

    /// <summary>First instant no longer asked about; null for the end of the dataset's declared range.</summary>
    public RangeEdge? To { get; init; }

    /// <summary>IANA zone in which dates are read and periods are cut; null for the dataset's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Contribution bounds κ and L; null for the dataset's.</summary>
    public ContributionBounds? Contribution { get; init; }

    /// <summary>ε of the whole query; null for the configured default, unless <see cref="Error"/> is given.</summary>
    public double? Epsilon { get; init; }

    /// <summary>The error asked for, instead of <see cref="Epsilon"/>.</summary>
    public ErrorTarget? Error { get; init; }

    /// <summary>The error asked for relative to an earlier release, instead of <see cref="Epsilon"/> and <see cref="Error"/>.</summary>
    public RelativeError? RelativeError { get; init; }

    /// <summary>
    /// Id of an earlier release of <see cref="MeasureFunction.Contributions"/> whose proposal the contribution bounds are, instead of <see cref="Contribution"/>.
    /// </summary>
    public string? ContributionRelease { get; init; }

    /// <summary>δ of the whole query; null for the configured default.</summary>
    public double? Delta { get; init; }

    /// <summary>Which noise; null for the discrete Gaussian.</summary>
    public NoiseMechanism? Mechanism { get; init; }

    /// <summary>How the released values are shown; null for all of them as they are. No part of what is released.</summary>
    public Presentation? Presentation { get; init; }

    /// <summary>The SQL that it was written as, without its literals, for the log; null for one that was not. No part of the question.</summary>
    public string? Text { get; init; }

    /// <summary>Who chose the range. Printed with the answer; no part of the question.</summary>
    public RangeOrigin RangeOrigin { get; init; }
}
