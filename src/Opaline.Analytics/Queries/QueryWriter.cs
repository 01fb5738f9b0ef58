using System.Globalization;
using System.Text.Json;

namespace Opaline.Analytics;

/// <summary>Writes the JSON form of a query.</summary>
internal static class QueryWriter
{
    public static void Write(Utf8JsonWriter writer, Query query)
    {
        writer.WriteStartObject();
        writer.WriteString("dataset", query.Dataset);
        writer.WriteStartArray("measures");
        foreach (Measure measure in query.Measures)
            Write(writer, measure);
        writer.WriteEndArray();
        if (query.Where.Length > 0)
        {
            writer.WriteStartArray("where");
            foreach (Condition condition in query.Where)
                Write(writer, condition);
            writer.WriteEndArray();
        }

        if (query.GroupBy.Length > 0)
        {
            writer.WriteStartArray("group_by");
            foreach (GroupKey key in query.GroupBy)
                Write(writer, key);
            writer.WriteEndArray();
        }

        if (query.From is { } from)
            writer.WriteString("from", RangeEdgeText.Write(from));
        if (query.To is { } to)
            writer.WriteString("to", RangeEdgeText.Write(to));
        if (query.TimeZone is { } zone)
            writer.WriteString("time_zone", zone);
        if (query.Contribution is { } bounds)
        {
            writer.WriteStartObject("contribution");
            writer.WriteNumber("groups", bounds.Groups);
            writer.WriteNumber("rows_per_group", bounds.RowsPerGroup);
            writer.WriteEndObject();
        }

        WriteAccuracy(writer, query);
        writer.WriteEndObject();
    }

    private static void WriteAccuracy(Utf8JsonWriter writer, Query query)
    {
        if (query.Epsilon is { } epsilon)
            writer.WriteNumber("epsilon", epsilon);
        if (query.Error is { } error)
        {
            writer.WriteStartObject("error");
            writer.WriteNumber("absolute", error.Absolute);
            writer.WriteNumber("confidence", error.Confidence);
            writer.WriteEndObject();
        }

        if (query.Delta is { } delta)
            writer.WriteNumber("delta", delta);
        if (query.Mechanism is { } mechanism)
            writer.WriteString("mechanism", QueryWords.Of(mechanism));
    }

    private static void Write(Utf8JsonWriter writer, Measure measure)
    {
        writer.WriteStartObject();
        writer.WriteString("function", QueryWords.Of(measure.Function));
        if (measure.Field is { } field)
            writer.WriteString("field", field);
        if (measure.Name is { } name)
            writer.WriteString("name", name);
        if (measure.Clamp is { } clamp)
        {
            writer.WriteStartArray("clamp");
            writer.WriteNumberValue(clamp.Lower);
            writer.WriteNumberValue(clamp.Upper);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Condition condition)
    {
        writer.WriteStartObject();
        writer.WriteString("field", condition.Field);
        writer.WriteString("op", QueryWords.Of(condition.Operator));
        if (condition.Operator == ConditionOperator.In)
        {
            writer.WriteStartArray("values");
            foreach (Literal value in condition.Values)
                Write(writer, value);
            writer.WriteEndArray();
        }
        else if (condition.Values.Length > 0)
        {
            writer.WritePropertyName("value");
            Write(writer, condition.Values[0]);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Literal value)
    {
        switch (value.Kind)
        {
            case LiteralKind.Text:
                writer.WriteStringValue(value.Text);
                break;
            case LiteralKind.Number:
                writer.WriteNumberValue(decimal.Parse(value.Text, CultureInfo.InvariantCulture));
                break;
            default:
                writer.WriteBooleanValue(value.Text == "true");
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, GroupKey key)
    {
        writer.WriteStartObject();
        switch (key)
        {
            case FieldKey field:
                writer.WriteString("field", field.Field);
                break;
            case PeriodKey period:
                writer.WriteString("period", QueryWords.Of(period.Period));
                break;
        }

        writer.WriteEndObject();
    }
}
