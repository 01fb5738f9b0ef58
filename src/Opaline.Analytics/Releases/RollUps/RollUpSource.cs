using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Opaline.Analytics;

/// <summary>What of a release can be added up further, kept beside it so that a question finds out without reading its numbers. All of it is public.</summary>
/// <param name="Keys">Its keys, in order.</param>
/// <param name="From">Start of its range, UTC.</param>
/// <param name="To">End of its range, UTC.</param>
/// <param name="Measures">Its counts and sums.</param>
/// <param name="GroupsPerWindow">k of its filter on ordinals; null if it left no group out.</param>
/// <param name="RowsPerGroup">L of its filter on ordinals; null if its rows were bounded in each of its cells.</param>
internal sealed record RollUpSource(
    ImmutableArray<RollUpKey> Keys, DateTime From, DateTime To, ImmutableArray<RollUpMeasure> Measures, int? GroupsPerWindow, int? RowsPerGroup)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>
    /// What can be added up of a plan's release; null if nothing can: its keys are private, it is a behaviour, it has neither counts nor sums, or it left out
    /// groups of a unit beyond κ, which a question with fewer cells would count.
    /// </summary>
    public static RollUpSource? Of(QueryPlan plan)
    {
        if (plan.Cells is null || plan.Derivation is not null || (plan.Ordinals is null && plan.Nesting.Ranked))
            return null;
        ImmutableArray<RollUpMeasure> measures =
            [.. plan.Columns.Index().Where(c => IsAdditive(c.Item.Measure)).Select(c => RollUpMeasure.Of(c.Item.Measure.Components[0], c.Index))];
        return measures.IsEmpty
            ? null
            : new RollUpSource(
                [.. plan.Keys.Select(k => KeyOf(k, plan))],
                plan.Range.From,
                plan.Range.To,
                measures,
                plan.Ordinals?.RowBounds.GroupsKept,
                plan.Ordinals?.RowBounds.RowsKeptPerGroup);
    }

    /// <summary>Whether the numbers of different cells may be added up: those of rows may, those of units may not.</summary>
    public static bool IsAdditive(PlannedMeasure measure) =>
        measure is { Function: MeasureFunction.Count or MeasureFunction.Sum, Components: [{ Shape.Kind: ComponentKind.Rows or ComponentKind.ValueRows or ComponentKind.Sum }] };

    public static RollUpKey KeyOf(PlannedKey key, QueryPlan plan) => key switch
    {
        PlannedPeriodKey period => new RollUpKey(period.Grid.Period, IdentityOf(period.Grid), period.Grid.Count, false),
        PlannedExpressionKey { Domain: { } domain } value => new RollUpKey(null, Hash([value.Expression.Canonical, .. domain]), domain.Length, Covers(domain, value, plan)),
        _ => throw new InvalidOperationException("A private key is no key of a roll-up."),
    };

    /// <summary>SHA-256 of where periods are cut.</summary>
    public static string IdentityOf(PeriodGrid grid) => Hash([.. grid.Starts.Select(s => s.Ticks.ToString(CultureInfo.InvariantCulture)), .. grid.Labels]);

    public string Write() => JsonSerializer.Serialize(this, Json);

    public static RollUpSource Read(string json) => JsonSerializer.Deserialize<RollUpSource>(json, Json) ?? throw new JsonException("A stored release is empty.");

    // Rows with another value, or with none, are in no cell of the source, but they would be in one without the key: unless a condition leaves them out.
    private static bool Covers(ImmutableArray<string> domain, PlannedExpressionKey key, QueryPlan plan) => plan.Where.Any(condition =>
        condition is PlannedOperation { Operation: Operation.Equal or Operation.In, Operands: [{ } operand, .. { } constants] }
        && operand.Canonical == key.Expression.Canonical
        && constants.All(c => c is PlannedConstant constant && domain.Contains(constant.Text)));

    private static string Hash(IEnumerable<string> texts) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts.Select(t => FormattableString.Invariant($"{t.Length}:{t}"))))));
}
