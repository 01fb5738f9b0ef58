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
        "columns", "having", "order_by", "limit", "offset",
    ];

    private static readonly string[] SqlProperties = ["sql", "time_zone", "contribution", "epsilon", "error", "delta", "mechanism"];

    public static Query Read(JsonElement element)
    {
        JsonObjectReader query = new(element, "$", QueryProperties);
        Source source = SourceJson.Read(query);
        // A behaviour answers in a form of its own unless measures are given.
        Query asked = new(
            source,
            source is DatasetSource or JoinSource or SubjectSource || query.Has("measures")
                ? query.RequiredArray("measures", 1, QueryLimits.MaxMeasures, ReadMeasure)
                : []);
        return WithTerms(query, asked) with
        {
            Where = query.Array("where", 0, QueryLimits.MaxConditions, ExpressionJson.Read),
            GroupBy = query.Array("group_by", 0, QueryLimits.MaxKeys, ReadKey),
            From = ReadEdge(query, "from"),
            To = ReadEdge(query, "to"),
            Presentation = ReadPresentation(query),
        };
    }

    /// <summary>Reads a body with SQL: its text, and what stands beside it as a query that asks nothing yet.</summary>
    public static (string Sql, Query Asked) ReadSql(JsonElement element)
    {
        JsonObjectReader query = new(element, "$", SqlProperties);
        return (query.RequiredText("sql"), WithTerms(query, new Query("", [])));
    }

    // Zone, bounds, and how exact at what price.
    private static Query WithTerms(JsonObjectReader query, Query asked)
    {
        if (query.Has("epsilon") && query.Has("error"))
            throw JsonObjectReader.Refuse("Give \"epsilon\" or \"error\", not both: one follows from the other.", "$.error");
        return asked with
        {
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

    private static Presentation? ReadPresentation(JsonObjectReader query)
    {
        Presentation presentation = new()
        {
            Columns = query.Array("columns", 1, QueryLimits.MaxColumns, ReadColumn),
            Having = query.Object("having", ExpressionJson.Read),
            OrderBy = query.Array("order_by", 1, QueryLimits.MaxColumns, ReadOrder),
            Limit = ReadCount(query, "limit"),
            Offset = ReadCount(query, "offset") ?? 0,
        };
        bool plain = presentation is { Having: null, Limit: null, Offset: 0, Columns.IsEmpty: true, OrderBy.IsEmpty: true };
        return plain ? null : presentation;
    }

    private static AnswerColumn ReadColumn(JsonElement element, string path)
    {
        JsonObjectReader column = new(element, path, ["field", "expression", "name"]);
        return new AnswerColumn(
            column.RequiredText("name"), ReadOperand(column) ?? throw JsonObjectReader.Refuse("A column is a key or a measure by its name (\"field\"), or an \"expression\" of them.", path));
    }

    private static AnswerOrder ReadOrder(JsonElement element, string path)
    {
        JsonObjectReader order = new(element, path, ["column", "descending"]);
        bool descending = order.Has("descending") && order.Required("descending").ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw JsonObjectReader.Refuse("This is true or false.", order.PathOf("descending")),
        };
        return new AnswerOrder(order.RequiredText("column"), descending);
    }

    private static int? ReadCount(JsonObjectReader query, string name) =>
        query.Has(name) ? query.RequiredInteger(name, least: 0, detail: "This must be a whole number of at least 0.") : null;

    private static RangeEdge? ReadEdge(JsonObjectReader query, string name) => query.Text(name) is not { } text
        ? null
        : RangeEdgeText.Read(text) ?? throw new QueryRefusedException(
            RefusalCodes.InvalidRange, $"\"{name}\" is a date such as 2024-01-15 or an RFC 3339 instant such as 2024-01-15T10:30:00Z.", query.PathOf(name));

    private static Measure ReadMeasure(JsonElement element, string path)
    {
        JsonObjectReader measure = new(element, path, ["function", "field", "expression", "name", "clamp", "filter", "ranks", "edges"]);
        MeasureFunction function = measure.RequiredWord<MeasureFunction>("function", QueryWords.Of, never: MeasureFunction.Rate);
        if (measure.Has("ranks") && function != MeasureFunction.Quantiles)
            throw JsonObjectReader.Refuse("Only \"quantiles\" has \"ranks\".", measure.PathOf("ranks"));
        if (measure.Has("edges") && function != MeasureFunction.Histogram)
            throw JsonObjectReader.Refuse("Only \"histogram\" has \"edges\".", measure.PathOf("edges"));
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
            throw JsonObjectReader.Refuse("Give \"field\" or \"expression\", not both.", reader.PathOf("expression"));
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
            : throw JsonObjectReader.Refuse("This must be a number.", path);

    private static GroupKey ReadKey(JsonElement element, string path)
    {
        JsonObjectReader key = new(element, path, ["field", "expression", "period", "name"]);
        if (!key.Has("period"))
        {
            return new ExpressionKey(
                ReadOperand(key) ?? throw JsonObjectReader.Refuse("A key is {\"field\": …}, {\"expression\": …} or {\"period\": …}.", path), key.Text("name"));
        }

        if (key.Has("field") || key.Has("expression") || key.Has("name"))
            throw JsonObjectReader.Refuse("A period is a key of its own and has its own name.", path);
        return new PeriodKey(key.RequiredWord<Period>("period", QueryWords.Of));
    }

    private static ContributionBounds ReadBounds(JsonElement element, string path)
    {
        JsonObjectReader bounds = new(element, path, ["groups", "rows_per_group"]);
        return new ContributionBounds(ReadBound(bounds, "groups"), ReadBound(bounds, "rows_per_group"));
    }

    private static int ReadBound(JsonObjectReader bounds, string name) =>
        bounds.RequiredInteger(name, code: RefusalCodes.InvalidBounds, detail: "This must be a whole number of at least 1.");

    private static bool HasRelease(JsonObjectReader reader, string name) => HasProperty(reader, name, "release");

    private static bool HasProperty(JsonObjectReader reader, string name, string property) =>
        reader.Has(name) && reader.Required(name) is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(property, out _);

    private static string ReadRelease(JsonElement element, string path) => new JsonObjectReader(element, path, ["release"]).RequiredText("release");

    private static RelativeError ReadRelative(JsonElement element, string path)
    {
        JsonObjectReader error = new(element, path, ["relative", "to", "confidence"]);
        double relative = error.Number("relative", RefusalCodes.InvalidErrorTarget)
            ?? throw JsonObjectReader.Refuse("A relative error target has \"relative\": half the width of the interval, as a share.", path);
        return new RelativeError(relative, error.RequiredText("to"), error.Number("confidence", RefusalCodes.InvalidErrorTarget) ?? MeasurePrecision.Confidence);
    }

    private static ErrorTarget ReadError(JsonElement element, string path)
    {
        JsonObjectReader error = new(element, path, ["absolute", "confidence"]);
        double absolute = error.Number("absolute", RefusalCodes.InvalidErrorTarget)
            ?? throw JsonObjectReader.Refuse("An error target has \"absolute\": half the width of the interval.", path);
        return new ErrorTarget(absolute, error.Number("confidence", RefusalCodes.InvalidErrorTarget) ?? MeasurePrecision.Confidence);
    }
}
