using System.Collections.Immutable;
using System.Text.Json;

namespace Opaline.Analytics;

/// <summary>Reads subqueries that carry the subject out, and behaviours.</summary>
internal static class BehaviourJsonReader
{
    public static Source Read(string name, JsonElement element, string path, Source source) => name switch
    {
        "subjects" => Subjects(element, path, source),
        "funnel" => Funnel(element, path, source.Dataset),
        "retention" => Retention(element, path, source.Dataset),
        "sessions" => Sessions(element, path, source.Dataset),
        "active_users" => Activity(element, path, source.Dataset),
        "paths" => Paths(element, path, source.Dataset),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static SubjectSource Subjects(JsonElement element, string path, Source source)
    {
        JsonObjectReader reader = new(element, path, ["values", "where", "group_by"]);
        return new SubjectSource(source, reader.RequiredArray("values", 1, QueryLimits.MaxMeasures, Value))
        {
            Where = Where(reader),
            GroupBy = reader.Array("group_by", 0, QueryLimits.MaxKeys, Key),
        };
    }

    private static SubjectValue Value(JsonElement element, string path)
    {
        JsonObjectReader reader = new(element, path, ["name", "function", "field", "expression", "clamp", "filter"]);
        return new SubjectValue(
            reader.RequiredText("name"),
            reader.RequiredWord<SubjectFunction>("function", QueryWords.Of),
            QueryReader.ReadOperand(reader),
            QueryReader.ReadClamp(reader))
        {
            Filter = reader.Object("filter", ExpressionJson.Read),
        };
    }

    private static ExpressionKey Key(JsonElement element, string path)
    {
        JsonObjectReader reader = new(element, path, ["field", "expression", "name"]);
        return new ExpressionKey(
            QueryReader.ReadOperand(reader) ?? throw JsonObjectReader.Refuse("A key is {\"field\": …} or {\"expression\": …}.", path), reader.Text("name"));
    }

    private static FunnelSource Funnel(JsonElement element, string path, string dataset)
    {
        JsonObjectReader reader = new(element, path, ["steps", "window", "where"]);
        return new FunnelSource(dataset, reader.RequiredArray("steps", 2, QueryLimits.MaxSteps, Step))
        {
            Window = reader.Has("window") ? Time(reader, "window") : null,
            Where = Where(reader),
        };
    }

    // A condition, or one with a name.
    private static FunnelStep Step(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("condition", out _))
            return new FunnelStep(ExpressionJson.Read(element, path));
        JsonObjectReader reader = new(element, path, ["condition", "name"]);
        return new FunnelStep(ExpressionJson.Read(reader.Required("condition"), reader.PathOf("condition")), reader.Text("name"));
    }

    private static RetentionSource Retention(JsonElement element, string path, string dataset)
    {
        JsonObjectReader reader = new(element, path, ["every", "periods", "where"]);
        string every = reader.RequiredText("every");
        Period? calendar = QueryWords.Find<Period>(every, QueryWords.Of);
        return new RetentionSource(dataset, reader.RequiredInteger("periods"))
        {
            Calendar = calendar,
            Days = calendar is null ? WholeDays(Time(reader, "every"), reader.PathOf("every")) : null,
            Where = Where(reader),
        };
    }

    private static int WholeDays(TimeSpan time, string path) => time.Ticks % TimeSpan.TicksPerDay == 0 && time.TotalDays <= int.MaxValue
        ? (int)time.TotalDays
        : throw JsonObjectReader.Refuse("\"every\" is a number of days such as 30d, or day, week or month.", path);

    private static SessionSource Sessions(JsonElement element, string path, string dataset)
    {
        JsonObjectReader reader = new(element, path, ["gap", "most_events", "most_minutes", "where"]);
        SessionSource sessions = new(dataset, Time(reader, "gap")) { Where = Where(reader) };
        return sessions with
        {
            MostEvents = reader.Has("most_events") ? reader.RequiredInteger("most_events") : sessions.MostEvents,
            MostMinutes = reader.Has("most_minutes") ? reader.RequiredInteger("most_minutes") : sessions.MostMinutes,
        };
    }

    private static ActivitySource Activity(JsonElement element, string path, string dataset)
    {
        JsonObjectReader reader = new(element, path, ["within", "of", "where"]);
        return new ActivitySource(dataset, reader.Word<Period>("within", QueryWords.Of) ?? Period.Month)
        {
            Of = reader.Word<Period>("of", QueryWords.Of) ?? Period.Day,
            Where = Where(reader),
        };
    }

    private static PathSource Paths(JsonElement element, string path, string dataset)
    {
        JsonObjectReader reader = new(element, path, ["field", "length", "where"]);
        return new PathSource(dataset, reader.RequiredText("field"), reader.Has("length") ? reader.RequiredInteger("length") : 2) { Where = Where(reader) };
    }

    private static ImmutableArray<Expression> Where(JsonObjectReader reader) => reader.Array("where", 0, QueryLimits.MaxConditions, ExpressionJson.Read);

    private static TimeSpan Time(JsonObjectReader reader, string name) => DurationText.Read(reader.RequiredText(name))
        ?? throw JsonObjectReader.Refuse($"\"{name}\" is a whole number of seconds, minutes, hours or days, such as 45s, 30m, 12h or 7d.", reader.PathOf(name));
}
