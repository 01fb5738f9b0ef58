using System.Collections.Immutable;
using Opaline.Analytics;
using Opaline.Catalog;
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

    /// <summary>The query of a text about the corpus's datasets.</summary>
    public static Query Query(string sql) => SqlQueries.Read(Parser, sql, new Query("", []), Find);

    /// <summary>The plan of a query about the corpus's datasets.</summary>
    public static QueryPlan Plan(Query query) =>
        Shop.Plan(query, (name, path) => Find(name) ?? throw new QueryRefusedException(RefusalCodes.UnknownDataset, "There is no such dataset.", path));

    /// <summary>
    /// The dataset of a name, all with the fields of <see cref="Shop"/>: <c>shop</c> and <c>visits</c> about the same subjects, <c>cities</c> about nobody,
    /// <c>days</c> whose unit is a subject's day, and <c>patients</c> about others. Null for any other name.
    /// </summary>
    public static Dataset? Find(string name) => name switch
    {
        "shop" => Shop.Dataset(),
        "visits" => Shop.Dataset(id: 2) with { Name = name },
        "cities" => Shop.Dataset(id: 3) with { Name = name, SubjectScope = Dataset.Nobody },
        "days" => Shop.Dataset(PrivacyUnit.SubjectPerDay, id: 4) with { Name = name },
        "patients" => Shop.Dataset(id: 5) with { Name = name, SubjectScope = "patients" },
        _ => null,
    };

    private static IEnumerable<string> Names(string kind) =>
        Directory.EnumerateFiles(Path.Combine(Folder, kind), "*.sql").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);
}
