using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Opaline.Analytics;

/// <summary>A measure of a plan.</summary>
/// <param name="Name">Name in the answer.</param>
/// <param name="Function">What is computed.</param>
/// <param name="Field">The measured field, or null.</param>
/// <param name="Clamp">Bounds of a value, or null.</param>
/// <param name="Granularity">The grid of values; 1 for counts.</param>
/// <param name="NanoRho">What it costs, ρ in billionths, without what it shares with an earlier measure.</param>
/// <param name="Components">The noisy integers that it is made of: two for a mean, three for a variance, else one.</param>
/// <param name="Margin95">Half the width of the 95 % interval; null for means, variances and quantiles, whose intervals depend on what is released.</param>
public sealed record MeasureSummary(
    string Name,
    MeasureFunction Function,
    string? Field,
    ClampRange? Clamp,
    decimal Granularity,
    long NanoRho,
    ImmutableArray<ComponentSummary> Components,
    decimal? Margin95)
{
    /// <summary>What tells the numbers of quantiles (ranks) and of a histogram (bins) apart; empty where there is one number.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>The names of its numbers in every row of the answer, in order: its own name, or that with each label.</summary>
    [JsonIgnore]
    public IEnumerable<string> Columns => ColumnsOf(Name, Labels);

    internal static IEnumerable<string> ColumnsOf(string name, ImmutableArray<string> labels) =>
        labels.IsDefaultOrEmpty ? [name] : labels.Select(label => $"{name}:{label}");
}
