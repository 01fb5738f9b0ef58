using System.Collections.Immutable;
using Opaline.Analytics;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Queries.Sql;

/// <summary>The queries under Queries/Corpus: one file each, accepted ones with their JSON form beside them, refused ones with the code that they must get.</summary>
internal static class SqlCorpus
{
    private static readonly SqlParser Parser = new();

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Analytics", "Queries", "Corpus");

    public static IEnumerable<string> Accepted => Names("accepted");

    public static IEnumerable<string> Refused => Names("refused");

    public static SqlCase Read(string kind, string name)
    {
        string text = File.ReadAllText(Path.Combine(Folder, kind, name + ".sql"));
        ImmutableDictionary<string, string> header = text.Split('\n')
            .TakeWhile(l => l.StartsWith("-- ", StringComparison.Ordinal) && l.Contains(": ", StringComparison.Ordinal))
            .Select(l => l[3..].Split(": ", 2))
            .ToImmutableDictionary(p => p[0], p => p[1].Trim());
        string json = Path.Combine(Folder, kind, name + ".json");
        return new SqlCase(
            string.Join('\n', text.Split('\n').Skip(header.Count)).Trim(),
            header.GetValueOrDefault("code"),
            header.GetValueOrDefault("fragment"),
            File.Exists(json) ? File.ReadAllText(json) : null);
    }

    /// <summary>The query of a text about the shop.</summary>
    public static Query Query(string sql) => SqlQueries.Read(Parser, sql, new Query("", []), name => name == "shop" ? Shop.Dataset() : null);

    private static IEnumerable<string> Names(string kind) =>
        Directory.EnumerateFiles(Path.Combine(Folder, kind), "*.sql").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);
}
