using System.Collections.Immutable;
using System.Text.Json;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Reads the JSON form of a query.</summary>
internal static class QueryReader
{
    private static readonly string[] QueryProperties =
    [
        .. SourceJson.Properties, "measures", "where", "group_by", "from", "to", "time_zone", "contribution", "epsilon", "error", "delta", "mechanism",
    ];

    public static Query Read(JsonElement element)
    {
        JsonObjectReader query = new(element, "$", QueryProperties);
        if (query.Has("epsilon") && query.Has("error"))
            throw Refuse("Give \"epsilon\" or \"error\", not both: one follows from the other.", "$.error");
        Source source = SourceJson.Read(query);
        return new Query(
            source,
            // A behaviour answers in a form of its own unless measures are given.
            source is DatasetSource or JoinSource or SubjectSource || query.Has("measures")
                ? query.RequiredArray("measures", 1, QueryLimits.MaxMeasures, ReadMeasure)
                : [])
        {
            Where = query.Array("where", 0, QueryLimits.MaxConditions, ExpressionJson.Read),
            GroupBy = query.Array("group_by", 0, QueryLimits.MaxKeys, ReadKey),
            From = ReadEdge(query, "from"),
            To = ReadEdge(query, "to"),
            TimeZone = query.Text("time_zone"),
            Contribution = HasRelease(query, "contribution") ? null : query.Object("contribution", ReadBounds),
            ContributionRelease = HasRelease(query, "contribution") ? query.Object("contribution", ReadRelease) : null,
            Epsilon = query.Number("epsilon", RefusalCodes.InvalidEpsilon),
            Error = HasProperty(query, "error", "relative") ? null : query.Object("error", ReadError),
            RelativeError = HasProperty(query, "error", "relative") ? query.Object("error", ReadRelative) : null,
            Delta = query.Number("delta", RefusalCodes.InvalidDelta),
            Mechanism = query.Word<NoiseMechanism>("mechanism", QueryWords.Of),
        };
    }

    private static RangeEdge? ReadEdge(JsonObjectReader query, string name) => query.Text(name) is not { } text
        ? null
        : RangeEdgeText.Read(text) ?? throw new QueryRefusedException(
            RefusalCodes.InvalidRange, $"\"{name}\" is a date such as 2024-01-15 or an RFC 3339 instant such as 2024-01-15T10:30:00Z.", query.PathOf(name));

    private static Measure ReadMeasure(JsonElement element, string path)
    {
        JsonObjectReader measure = new(element, path, ["function", "field", "expression", "name", "clamp", "filter", "ranks", "edges"]);
        MeasureFunction function = measure.RequiredWord<MeasureFunction>("function", QueryWords.Of);
        if (measure.Has("ranks") && function != MeasureFunction.Quantiles)
            throw Refuse("Only \"quantiles\" has \"ranks\".", measure.PathOf("ranks"));
        if (measure.Has("edges") && function != MeasureFunction.Histogram)
            throw Refuse("Only \"histogram\" has \"edges\".", measure.PathOf("edges"));
        string points = function == MeasureFunction.Quantiles ? "ranks" : "edges";
        return new Measure(function, ReadOperand(measure), measure.Text("name"), HasRelease(measure, "clamp") ? null : ReadClamp(measure))
        {
            Filter = measure.Object("filter", ExpressionJson.Read),
            ClampRelease = HasRelease(measure, "clamp") ? measure.Object("clamp", ReadRelease) : null,
            Points = function is MeasureFunction.Quantiles or MeasureFunction.Histogram
                ? measure.RequiredArray(points, 1, QueryLimits.MaxPoints, ReadDecimal)
                : [],
        };
    }

    // A field, which is the short form of an expression of it, or an expression; null for neither.
    public static Expression? ReadOperand(JsonObjectReader reader)
    {
        if (reader.Has("field") && reader.Has("expression"))
            throw Refuse("Give \"field\" or \"expression\", not both.", reader.PathOf("expression"));
        return reader.Has("field") ? Expression.Field(reader.RequiredText("field")) : reader.Object("expression", ExpressionJson.Read);
    }

    /// <summary>Public bounds as an array of two numbers.</summary>
    public static ClampRange? ReadClamp(JsonObjectReader measure)
    {
        if (!measure.Has("clamp"))
            return null;
        ImmutableArray<decimal> edges = measure.RequiredArray("clamp", 2, 2, ReadDecimal);
        return new ClampRange(edges[0], edges[1]);
    }

    private static decimal ReadDecimal(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out decimal value)
            ? value
            : throw Refuse("This must be a number.", path);

    private static GroupKey ReadKey(JsonElement element, string path)
    {
        JsonObjectReader key = new(element, path, ["field", "expression", "period", "name"]);
        if (!key.Has("period"))
        {
            return new ExpressionKey(
                ReadOperand(key) ?? throw Refuse("A key is {\"field\": …}, {\"expression\": …} or {\"period\": …}.", path), key.Text("name"));
        }

        if (key.Has("field") || key.Has("expression") || key.Has("name"))
            throw Refuse("A period is a key of its own and has its own name.", path);
        return new PeriodKey(key.RequiredWord<Period>("period", QueryWords.Of));
    }

    private static ContributionBounds ReadBounds(JsonElement element, string path)
    {
        JsonObjectReader bounds = new(element, path, ["groups", "rows_per_group"]);
        return new ContributionBounds(ReadBound(bounds, "groups"), ReadBound(bounds, "rows_per_group"));
    }

    private static int ReadBound(JsonObjectReader bounds, string name)
    {
        JsonElement element = bounds.Required(name);
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value)
            ? value
            : throw new QueryRefusedException(RefusalCodes.InvalidBounds, "This must be a whole number of at least 1.", bounds.PathOf(name));
    }

    private static bool HasRelease(JsonObjectReader reader, string name) => HasProperty(reader, name, "release");

    private static bool HasProperty(JsonObjectReader reader, string name, string property) =>
        reader.Has(name) && reader.Required(name) is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(property, out _);

    private static string ReadRelease(JsonElement element, string path) => new JsonObjectReader(element, path, ["release"]).RequiredText("release");

    private static RelativeError ReadRelative(JsonElement element, string path)
    {
        JsonObjectReader error = new(element, path, ["relative", "to", "confidence"]);
        double relative = error.Number("relative", RefusalCodes.InvalidErrorTarget)
            ?? throw Refuse("A relative error target has \"relative\": half the width of the interval, as a share.", path);
        return new RelativeError(relative, error.RequiredText("to"), error.Number("confidence", RefusalCodes.InvalidErrorTarget) ?? 0.95);
    }

    private static ErrorTarget ReadError(JsonElement element, string path)
    {
        JsonObjectReader error = new(element, path, ["absolute", "confidence"]);
        double absolute = error.Number("absolute", RefusalCodes.InvalidErrorTarget)
            ?? throw Refuse("An error target has \"absolute\": half the width of the interval.", path);
        return new ErrorTarget(absolute, error.Number("confidence", RefusalCodes.InvalidErrorTarget) ?? 0.95);
    }

    private static QueryRefusedException Refuse(string detail, string path) => new(RefusalCodes.InvalidQuery, detail, path);
}
