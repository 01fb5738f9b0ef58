using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Opaline.Analytics;

/// <summary>Writes subqueries that carry the subject out, and behaviours.</summary>
internal sealed class BehaviourJsonWriter(Utf8JsonWriter writer)
{
    public void Write(Source source, bool joins)
    {
        if (source is SubjectSource { Source: not DatasetSource } subjects)
            SourceJson.WriteBase(writer, subjects.Source, joins);
        else
            writer.WriteString("dataset", source.Dataset);
        if (source is SubjectSource of)
            Subjects(of);
        else if (source is BehaviourSource behaviour)
            Behaviour(behaviour);
        else
            throw new InvalidOperationException("Unknown kind of source.");
    }

    private void Behaviour(BehaviourSource source)
    {
        switch (source)
        {
            case FunnelSource funnel:
                Funnel(funnel);
                break;
            case RetentionSource retention:
                writer.WriteStartObject("retention");
                writer.WriteString(
                    "every",
                    retention.Calendar is { } period ? QueryWords.Of(period) : string.Create(CultureInfo.InvariantCulture, $"{retention.Days}d"));
                writer.WriteNumber("periods", retention.Periods);
                break;
            case SessionSource sessions:
                writer.WriteStartObject("sessions");
                writer.WriteString("gap", DurationText.Write(sessions.Gap));
                writer.WriteNumber("most_events", sessions.MostEvents);
                writer.WriteNumber("most_minutes", sessions.MostMinutes);
                break;
            case ActivitySource activity:
                writer.WriteStartObject("active_users");
                writer.WriteString("within", QueryWords.Of(activity.Within));
                writer.WriteString("of", QueryWords.Of(activity.Of));
                break;
            case PathSource paths:
                writer.WriteStartObject("paths");
                writer.WriteString("field", paths.Field);
                writer.WriteNumber("length", paths.Length);
                break;
            default:
                throw new InvalidOperationException("Unknown kind of source.");
        }

        End(source.Where);
    }

    private void Subjects(SubjectSource subjects)
    {
        writer.WriteStartObject("subjects");
        writer.WriteStartArray("values");
        foreach (SubjectValue value in subjects.Values)
        {
            writer.WriteStartObject();
            writer.WriteString("name", value.Name);
            writer.WriteString("function", QueryWords.Of(value.Function));
            if (value.Argument is { } argument)
                QueryWriter.WriteOperand(writer, argument);
            if (value.Clamp is { } clamp)
                QueryWriter.WriteClamp(writer, clamp);
            if (value.Filter is { } filter)
                ExpressionJson.Write(writer, "filter", filter);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (subjects.GroupBy.Length > 0)
        {
            writer.WriteStartArray("group_by");
            foreach (ExpressionKey key in subjects.GroupBy)
            {
                writer.WriteStartObject();
                QueryWriter.WriteOperand(writer, key.Expression);
                if (key.Name is { } name)
                    writer.WriteString("name", name);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        End(subjects.Where);
    }

    private void Funnel(FunnelSource funnel)
    {
        writer.WriteStartObject("funnel");
        writer.WriteStartArray("steps");
        foreach (FunnelStep step in funnel.Steps)
        {
            if (step.Name is null)
            {
                ExpressionJson.Write(writer, step.Condition);
                continue;
            }

            writer.WriteStartObject();
            ExpressionJson.Write(writer, "condition", step.Condition);
            writer.WriteString("name", step.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (funnel.Window is { } window)
            writer.WriteString("window", DurationText.Write(window));
    }

    private void End(ImmutableArray<Expression> where)
    {
        ExpressionJson.WriteWhere(writer, where);
        writer.WriteEndObject();
    }
}
