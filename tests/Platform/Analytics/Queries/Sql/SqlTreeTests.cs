using System.Text.Json;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Opaline.Analytics;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Queries.Sql;

/// <summary>
/// Whatever the parser's tree says is read or refused, so no part of a question is left out in silence: each property that DuckDB serializes for a node of an
/// accepted query is changed, those too that the product's parser leaves out as they are by default; the question must then be refused, or be another.
/// </summary>
public class SqlTreeTests
{
    // A kind of node is looked at so often; the rest of its occurrences say no more.
    private static readonly int Occurrences = LongRuns.Times(2, 10);

    // What says nothing: the place in the text; whether there was a fault, which is the parser's own word; how a function is written; how an engine computes a
    // CTE; the names of parameters, which are refused where they stand; digits that a number does not have; TRY_CAST, since no cast that is read can fail; the default name of an expression, which the parser gives to items
    // of lists, where it is read, and to arguments (refused: argument_with_a_name_fail).
    private static readonly string[] Silent = ["query_location", "error", "is_operator", "materialized", "width", "try_cast", "alias", "named_param_map"];

    private static readonly SqlParser Parser = new();

    [Fact]
    public void Every_property_of_every_node_is_read_or_refused()
    {
        Dictionary<string, Dictionary<string, JsonNode?>> known = Properties();
        Dictionary<string, int> seen = [];
        SortedSet<string> ignored = [];
        foreach (string name in SqlCorpus.Accepted)
        {
            string sql = SqlCorpus.Read("accepted", name).Sql;
            using JsonDocument parsed = Parser.Parse(sql);
            JsonNode tree = JsonNode.Parse(parsed.RootElement.GetRawText())!;
            string? meaning = Meaning(tree, sql);
            Assert.NotNull(meaning);
            foreach ((string kind, JsonObject node) in Objects(tree, "").ToArray())
            {
                foreach ((string property, JsonNode? usual) in known[kind])
                {
                    string place = $"{kind}.{property}";
                    if (Silent.Contains(property) || seen.GetValueOrDefault(place) >= Occurrences)
                        continue;
                    seen[place] = seen.GetValueOrDefault(place) + 1;
                    bool there = node.TryGetPropertyValue(property, out JsonNode? was);
                    if (Other(there ? was : usual) is not { } other)
                        continue;
                    node[property] = other;
                    if (Meaning(tree, sql) == meaning)
                        ignored.Add($"{place} = {other.ToJsonString()} in {name}");
                    if (there)
                        node[property] = was;
                    else
                        node.Remove(property);
                }
            }
        }

        Assert.True(ignored.Count == 0, string.Join('\n', ignored));
    }

    // What is asked; null where it is refused.
    private static string? Meaning(JsonNode tree, string sql)
    {
        using JsonDocument document = JsonDocument.Parse(tree.ToJsonString());
        try
        {
            return QueryJson.Write(SqlStatement.Read(document.RootElement, new SqlText(sql), SqlCorpus.Find, new Query("", [])));
        }
        catch (Exception fault) when (fault is QueryRefusedException or InvalidOperationException or FormatException)
        {
            // Of a tree that no parser makes any exception is a refusal.
            return null;
        }
    }

    // Something else in its place; null where its own parts are changed instead.
    private static JsonNode? Other(JsonNode? value) => value switch
    {
        JsonArray { Count: 0 } => new JsonArray(Constant()),
        JsonObject or JsonArray => null,
        null => Constant(),
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "evil",
            JsonValueKind.True => false,
            JsonValueKind.False => true,
            _ => (long)value.GetValue<decimal>() + 1,
        },
    };

    private static JsonNode Constant() => JsonNode.Parse(
        """{"class":"CONSTANT","type":"VALUE_CONSTANT","value":{"type":{"id":"INTEGER"},"value":7}}""")!;

    private static IEnumerable<(string Kind, JsonObject Node)> Objects(JsonNode? node, string name)
    {
        switch (node)
        {
            case JsonArray list:
                return list.SelectMany(item => Objects(item, name));
            case JsonObject one:
                string kind = one["class"]?.GetValue<string>() is { } expression ? expression : one["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String ? $"{name}:{type.GetValue<string>()}" : name;
                return [(kind, one), .. one.SelectMany(p => Objects(p.Value, p.Key))];
            default:
                return [];
        }
    }

    // Of each kind of node all properties with what they are by default.
    private static Dictionary<string, Dictionary<string, JsonNode?>> Properties()
    {
        Dictionary<string, Dictionary<string, JsonNode?>> known = [];
        using DuckDBConnection connection = new("Data Source=:memory:");
        connection.Open();
        foreach (string name in SqlCorpus.Accepted)
        {
            string sql = SqlCorpus.Read("accepted", name).Sql;
            using JsonDocument brief = Parser.Parse(sql);
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = "SELECT json_serialize_sql($1::VARCHAR, skip_null := false, skip_default := false)";
            command.Parameters.Add(new DuckDBParameter(sql));
            JsonNode?[] trees = [JsonNode.Parse((string)command.ExecuteScalar()!, null, new JsonDocumentOptions { MaxDepth = 512 }), JsonNode.Parse(brief.RootElement.GetRawText())];
            foreach ((string kind, JsonObject node) in trees.SelectMany(t => Objects(t, "")))
            {
                Dictionary<string, JsonNode?> properties = known.TryGetValue(kind, out Dictionary<string, JsonNode?>? found) ? found : known[kind] = [];
                foreach ((string property, JsonNode? value) in node)
                    properties.TryAdd(property, value);
            }
        }

        return known;
    }
}
