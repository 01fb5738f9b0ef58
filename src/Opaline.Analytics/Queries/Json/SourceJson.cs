using System.Collections.Immutable;
using System.Text.Json;

namespace Opaline.Analytics;

/// <summary>
/// The JSON form of a source, in the object of its query: <c>"dataset": …</c> (or <c>"source": {…}</c>), then <c>"join": […]</c>, then at most one of
/// <c>"subjects"</c>, <c>"funnel"</c>, <c>"retention"</c>, <c>"sessions"</c>, <c>"active_users"</c>, <c>"paths"</c>.
/// </summary>
internal static class SourceJson
{
    private const int MaxJoins = 7;

    private static readonly string[] Behaviours = ["subjects", "funnel", "retention", "sessions", "active_users", "paths"];
    private static readonly string[] SideProperties = ["dataset", "source", "as", .. Behaviours];

    /// <summary>The properties of a source.</summary>
    public static ImmutableArray<string> Properties { get; } = [.. SideProperties, "join"];

    public static Source Read(JsonObjectReader reader)
    {
        Source source = ReadBase(reader, reader.Text("as"));
        foreach (Func<Source, JoinSource> join in reader.Array("join", 1, MaxJoins, ReadJoin))
            source = join(source);
        return ReadBehaviour(reader, source);
    }

    /// <summary>Writes the properties of a source.</summary>
    /// <param name="writer">Inside the object of its query, or of a side of a join.</param>
    /// <param name="source">The source.</param>
    /// <param name="joins">Whether the object may have joins of its own; that of a side has none.</param>
    public static void Write(Utf8JsonWriter writer, Source source, bool joins = true)
    {
        switch (source)
        {
            case DatasetSource dataset:
                writer.WriteString("dataset", dataset.Name);
                if (dataset.Alias is { } alias)
                    writer.WriteString("as", alias);
                break;
            case JoinSource join:
                WriteJoins(writer, join);
                break;
            default:
                new BehaviourJsonWriter(writer).Write(source, joins);
                break;
        }
    }

    /// <summary>A source that others are made of: as it is where it is rows or a join, else as an object of its own.</summary>
    public static void WriteBase(Utf8JsonWriter writer, Source source, bool joined = true)
    {
        if (source is DatasetSource || (joined && source is JoinSource))
        {
            Write(writer, source);
            return;
        }

        writer.WriteStartObject("source");
        Write(writer, source);
        writer.WriteEndObject();
    }

    private static void WriteJoins(Utf8JsonWriter writer, JoinSource last)
    {
        Stack<JoinSource> joins = [];
        Source first = last;
        while (first is JoinSource join)
        {
            joins.Push(join);
            first = join.Left;
        }

        WriteBase(writer, first, joined: false);
        writer.WriteStartArray("join");
        foreach (JoinSource join in joins)
        {
            writer.WriteStartObject();
            Write(writer, join.Right, joins: false);
            if (join.Alias is { } alias)
                writer.WriteString("as", alias);
            if (join.Kind != JoinKind.Inner)
                writer.WriteString("kind", QueryWords.Of(join.Kind));
            if (join.On is { } on)
            {
                writer.WriteStartObject("on");
                writer.WriteString("left", on.Left);
                writer.WriteString("right", on.Right);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static Source ReadBase(JsonObjectReader reader, string? alias)
    {
        if (reader.Has("dataset") && reader.Has("source"))
            throw JsonObjectReader.Refuse("Give \"dataset\" or \"source\", not both.", reader.PathOf("source"));
        return reader.Has("source")
            ? Read(new JsonObjectReader(reader.Required("source"), reader.PathOf("source"), Properties.AsSpan()))
            : new DatasetSource(reader.RequiredText("dataset"), alias);
    }

    private static Func<Source, JoinSource> ReadJoin(JsonElement element, string path)
    {
        JsonObjectReader reader = new(element, path, [.. SideProperties, "kind", "on"]);
        // The name is that of the rows that are joined, whatever they are made of.
        Source right = ReadBehaviour(reader, ReadBase(reader, Behaviours.Any(reader.Has) ? null : reader.Text("as")));
        JoinKind kind = reader.Text("kind") switch
        {
            null => JoinKind.Inner,
            { } word => QueryWords.Find<JoinKind>(word, QueryWords.Of) ?? throw new QueryRefusedException(
                RefusalCodes.JoinNotAllowed,
                "A join is \"inner\" or \"left\": what only the second side has would be about subjects whose units the first side does not tell.",
                reader.PathOf("kind")),
        };
        JoinColumns? on = reader.Object("on", (columns, place) =>
        {
            JsonObjectReader names = new(columns, place, ["left", "right"]);
            return new JoinColumns(names.RequiredText("left"), names.RequiredText("right"));
        });
        string? alias = right is DatasetSource ? null : reader.Text("as");
        return left => new JoinSource(left, right, kind, on, alias);
    }

    private static Source ReadBehaviour(JsonObjectReader reader, Source source)
    {
        string[] given = [.. Behaviours.Where(reader.Has)];
        if (given.Length > 1)
            throw JsonObjectReader.Refuse($"Give one of {string.Join(", ", Behaviours)}.", reader.PathOf(given[1]));
        if (given.Length == 0)
            return source;
        string name = given[0];
        return name == "subjects" || source is DatasetSource
            ? BehaviourJsonReader.Read(name, reader.Required(name), reader.PathOf(name), source)
            : throw JsonObjectReader.Refuse("Behaviours are made of the rows of one dataset.", reader.PathOf(name));
    }
}
