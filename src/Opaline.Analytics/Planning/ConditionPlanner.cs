using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Resolves conditions and brings them into a canonical order. Values are read as the field's type here, so that no comparison can fail on data.</summary>
internal static class ConditionPlanner
{
    private const int MaxText = 8_192;

    public static ImmutableArray<PlannedCondition> Plan(Dataset dataset, ImmutableArray<Condition> conditions)
    {
        List<PlannedCondition> planned = [];
        for (int i = 0; i < conditions.Length; i++)
            planned.Add(Plan(dataset, conditions[i], string.Create(CultureInfo.InvariantCulture, $"$.where[{i}]")));
        // The order of conditions means nothing, and neither does saying one twice.
        return
        [
            .. planned
                .DistinctBy(c => (c.Field.Id, c.Operator, string.Join('\0', c.Values)))
                .OrderBy(c => c.Field.Id).ThenBy(c => c.Operator).ThenBy(c => string.Join('\0', c.Values), StringComparer.Ordinal),
        ];
    }

    private static PlannedCondition Plan(Dataset dataset, Condition condition, string path)
    {
        Field field = FieldUse.Filter(dataset, condition.Field, path + ".field");
        StoredType type = field.Stored!.Value;
        bool ordered = type is not (StoredType.Text or StoredType.Boolean or StoredType.Uuid);
        if (!ordered && condition.Operator is ConditionOperator.Less or ConditionOperator.LessOrEqual or ConditionOperator.Greater or ConditionOperator.GreaterOrEqual)
        {
            throw new QueryRefusedException(
                RefusalCodes.OperatorNotAllowed, "This field has no order: use eq, ne, in, is_null or not_null.", path + ".op");
        }

        bool none = condition.Operator is ConditionOperator.IsNull or ConditionOperator.IsNotNull;
        bool several = condition.Operator == ConditionOperator.In;
        int count = condition.Values.Length;
        if (none ? count != 0 : several ? count is 0 or > QueryLimits.MaxValues : count != 1)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "The operator takes another number of values.", path);
        string place = several ? path + ".values" : path + ".value";
        ImmutableArray<string> values = [.. condition.Values.Select(v => Read(type, v, place)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return several && values.Length == 1
            ? new PlannedCondition(field, ConditionOperator.Equal, values)
            : new PlannedCondition(field, condition.Operator, values);
    }

    private static string Read(StoredType type, Literal value, string path)
    {
        string? text = type switch
        {
            StoredType.Text => value.Kind == LiteralKind.Text && value.Text.Length <= MaxText ? value.Text : null,
            StoredType.Boolean => value.Kind == LiteralKind.Boolean ? value.Text : null,
            StoredType.Int64 => value.Kind == LiteralKind.Number ? ReadInt64(value.Text) : null,
            StoredType.Double => value.Kind == LiteralKind.Number ? ReadDouble(value.Text) : null,
            StoredType.Decimal => value.Kind == LiteralKind.Number ? ReadDecimal(value.Text) : null,
            StoredType.Date => value.Kind == LiteralKind.Text ? ReadDate(value.Text) : null,
            StoredType.Timestamp => value.Kind == LiteralKind.Text ? ReadInstant(value.Text) : null,
            StoredType.Uuid => value.Kind == LiteralKind.Text ? ReadUuid(value.Text) : null,
            _ => null,
        };
        return text ?? throw new QueryRefusedException(RefusalCodes.InvalidValue, $"This field compares with {Describe(type)}.", path);
    }

    private static string? ReadInt64(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
        ? value.ToString(CultureInfo.InvariantCulture)
        : null;

    private static string? ReadDouble(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value.ToString("R", CultureInfo.InvariantCulture)
            : null;

    private static string? ReadDecimal(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value)
        && StoredDecimal.Holds(value)
            ? value.ToString("0.######", CultureInfo.InvariantCulture)
            : null;

    private static string? ReadDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        ? text
        : null;

    private static string? ReadInstant(string text) =>
        RangeEdgeText.ReadInstant(text)?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static string? ReadUuid(string text) => Guid.TryParseExact(text, "D", out Guid value) ? value.ToString("D") : null;

    private static string Describe(StoredType type) => type switch
    {
        StoredType.Text => "text",
        StoredType.Boolean => "true or false",
        StoredType.Int64 => "whole numbers of 64 bits",
        StoredType.Double => "finite numbers",
        StoredType.Decimal => "decimals of at most 12 digits before and 6 after the point",
        StoredType.Date => "dates such as \"2024-01-15\"",
        StoredType.Timestamp => "RFC 3339 instants such as \"2024-01-15T10:30:00Z\"",
        StoredType.Uuid => "UUIDs",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
