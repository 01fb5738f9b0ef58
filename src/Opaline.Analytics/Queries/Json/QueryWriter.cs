using System.Text.Json;

namespace Opaline.Analytics;

/// <summary>Writes the JSON form of a query.</summary>
internal static class QueryWriter
{
    public static void Write(Utf8JsonWriter writer, Query query)
    {
        writer.WriteStartObject();
        SourceJson.Write(writer, query.Source);
        if (query.Measures.Length > 0)
        {
            writer.WriteStartArray("measures");
            foreach (Measure measure in query.Measures)
                Write(writer, measure);
            writer.WriteEndArray();
        }

        ExpressionJson.WriteWhere(writer, query.Where);
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
        else if (query.ContributionRelease is { } release)
        {
            WriteRelease(writer, "contribution", release);
        }

        WriteAccuracy(writer, query);
        if (query.Presentation is { } presentation)
            Write(writer, presentation);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Presentation presentation)
    {
        if (presentation.Columns.Length > 0)
        {
            writer.WriteStartArray("columns");
            foreach (AnswerColumn column in presentation.Columns)
            {
                writer.WriteStartObject();
                WriteOperand(writer, column.Value);
                writer.WriteString("name", column.Name);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (presentation.Having is { } having)
            ExpressionJson.Write(writer, "having", having);

        if (presentation.OrderBy.Length > 0)
        {
            writer.WriteStartArray("order_by");
            foreach (AnswerOrder order in presentation.OrderBy)
            {
                writer.WriteStartObject();
                writer.WriteString("column", order.Column);
                if (order.Descending)
                    writer.WriteBoolean("descending", true);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (presentation.Limit is { } limit)
            writer.WriteNumber("limit", limit);
        if (presentation.Offset > 0)
            writer.WriteNumber("offset", presentation.Offset);
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
        else if (query.RelativeError is { } relative)
        {
            writer.WriteStartObject("error");
            writer.WriteNumber("relative", relative.Relative);
            writer.WriteString("to", relative.To);
            writer.WriteNumber("confidence", relative.Confidence);
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
        if (measure.Argument is { } argument)
            WriteOperand(writer, argument);
        if (measure.Name is { } name)
            writer.WriteString("name", name);
        if (measure.Clamp is { } clamp)
            WriteClamp(writer, clamp);
        else if (measure.ClampRelease is { } release)
            WriteRelease(writer, "clamp", release);

        if (measure.Filter is { } filter)
            ExpressionJson.Write(writer, "filter", filter);

        if (measure.Points.Length > 0)
        {
            writer.WriteStartArray(measure.Function == MeasureFunction.Quantiles ? "ranks" : "edges");
            foreach (decimal point in measure.Points)
                writer.WriteNumberValue(point);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteRelease(Utf8JsonWriter writer, string name, string release)
    {
        writer.WriteStartObject(name);
        writer.WriteString("release", release);
        writer.WriteEndObject();
    }

    public static void WriteClamp(Utf8JsonWriter writer, ClampRange clamp)
    {
        writer.WriteStartArray("clamp");
        writer.WriteNumberValue(clamp.Lower);
        writer.WriteNumberValue(clamp.Upper);
        writer.WriteEndArray();
    }

    public static void WriteOperand(Utf8JsonWriter writer, Expression expression)
    {
        if (expression is FieldExpression field)
        {
            writer.WriteString("field", field.Name);
            return;
        }

        ExpressionJson.Write(writer, "expression", expression);
    }

    private static void Write(Utf8JsonWriter writer, GroupKey key)
    {
        writer.WriteStartObject();
        switch (key)
        {
            case ExpressionKey expression:
                WriteOperand(writer, expression.Expression);
                if (expression.Name is { } name)
                    writer.WriteString("name", name);
                break;
            case PeriodKey period:
                writer.WriteString("period", QueryWords.Of(period.Period));
                break;
        }

        writer.WriteEndObject();
    }
}
