using System.Collections.Immutable;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using ContributionBounds = Opaline.Catalog.ContributionBounds;

namespace Opaline.Analytics;

/// <summary>Everything about an answer that is fixed before data is touched. Made of the request and the catalog alone.</summary>
internal sealed record QueryPlan
{
    /// <summary>The first dataset: the one that decides unit, zone and age.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>What is read.</summary>
    public required PlannedSource Source { get; init; }

    /// <summary>How the answer is made of noisy cells; null for a row per cell.</summary>
    public required Derivation? Derivation { get; init; }

    public required ZoneCalendar Calendar { get; init; }

    public required TimeRange Range { get; init; }

    public required RangeOrigin RangeOrigin { get; init; }

    public required bool RangeDeclared { get; init; }

    public required ImmutableArray<PlannedExpression> Where { get; init; }

    public required ImmutableArray<PlannedKey> Keys { get; init; }

    /// <summary>The groups of a unit, κ of which count: the keys, but for questions about units themselves.</summary>
    public required ImmutableArray<PlannedKey> Groups { get; init; }

    /// <summary>Public cells; null where a key is selected privately.</summary>
    public required int? Cells { get; init; }

    /// <summary>Cells for which noise is drawn before the aggregate is read: the public ones, or as many private keys as the answer can have.</summary>
    public int NoisyCells => Cells ?? (QueryLimits.MaxCells / Components.Max(c => c.Shape.Numbers));

    /// <summary>The contribution bounds as they were asked for; <see cref="Nesting"/> and <see cref="RowsPerGroup"/> are what becomes of them.</summary>
    public required ContributionBounds Bounds { get; init; }

    public required Nesting Nesting { get; init; }

    /// <summary>The filters on ordinals that bound contributions; null where the plan nests.</summary>
    public required OrdinalTruncation? Ordinals { get; init; }

    public required int RowsPerGroup { get; init; }

    /// <summary>Who set the contribution bounds: <c>request</c>, <c>form</c> (those of a behaviour that has its own), <c>dataset</c> or <c>release:</c> and its id.</summary>
    public required string BoundsSetBy { get; init; }

    public required NoiseMechanism Mechanism { get; init; }

    public required ImmutableArray<PlannedMeasure> Measures { get; init; }

    public required KeySelection? Selection { get; init; }

    /// <summary>Offsets of the dataset's zone where the unit is a period; else null.</summary>
    public required DayOffsets? UnitOffsets { get; init; }

    public required BlockInterval Blocks { get; init; }

    /// <summary>ρ that every account pays.</summary>
    public required NanoRho Cost { get; init; }

    /// <summary>The cost as ε of the query by itself, at <see cref="Delta"/>, rounded up.</summary>
    public required double Epsilon { get; init; }

    /// <summary>δ of the whole query.</summary>
    public required double Delta { get; init; }

    /// <summary>The identical question at another ε and δ of the whole query, by which the ledger finds out what would fit.</summary>
    /// <exception cref="QueryRefusedException">There is no plan for that.</exception>
    public required Func<double, double, QueryPlan> At { get; init; }

    /// <summary>SHA-256 of <see cref="PlanBytes"/>.</summary>
    public ImmutableArray<byte> Hash { get; init; } = [];

    /// <summary>The hash that the plan had before the windows of its range were sealed: its releases answer the same question. Its own where it nests.</summary>
    public ImmutableArray<byte> NestedHash { get; init; } = [];

    /// <summary>The numbers of a row, in order: of each its name and its measure.</summary>
    public IEnumerable<(string Name, PlannedMeasure Measure)> Columns => Measures.SelectMany(m => m.Columns.Select(name => (name, m)));

    /// <summary>δ that every account pays, in 1e-18.</summary>
    public long AttoDelta => Selection?.Delta.Value ?? 0;

    /// <summary>Whether so much ρ, in billionths, and δ, in 1e-18, pay for it.</summary>
    public bool Fits(long nanoRho, long attoDelta) => Cost.Value <= nanoRho && AttoDelta <= attoDelta;

    public string HashText => Convert.ToHexStringLower(Hash.AsSpan());

    /// <summary>All components in the order in which noise is drawn, each once: those of the measures, then that of key selection if it is none of theirs.</summary>
    public ImmutableArray<Component> Components => Selection is { IsMeasure: false } selection
        ? [.. Distinct(Measures), selection.Component]
        : [.. Distinct(Measures)];

    /// <summary>The δ at which the cost is told as ε: with private keys selection takes the other half.</summary>
    public double ConversionDelta => Selection is null ? Delta : Delta / 2;

    /// <summary>Of each measure the places of its components among <see cref="Components"/>.</summary>
    public ImmutableArray<ImmutableArray<int>> Places()
    {
        ImmutableArray<Component> all = Components;
        return [.. Measures.Select(m => m.Components.Select(c => all.IndexOf(c, 0, all.Length, ReferenceEqualityComparer.Instance)).ToImmutableArray())];
    }

    /// <summary>What measures and a selection cost together.</summary>
    public static NanoRho CostOf(ImmutableArray<PlannedMeasure> measures, KeySelection? selection) =>
        new(Distinct(measures).Sum(c => c.Cost.Value) + (selection is { IsMeasure: false } ? selection.Component.Cost.Value : 0));

    // What several measures share is one object, see SharedComponents.
    private static IEnumerable<Component> Distinct(ImmutableArray<PlannedMeasure> measures) =>
        measures.SelectMany(m => m.Components).Distinct<Component>(ReferenceEqualityComparer.Instance);
}
