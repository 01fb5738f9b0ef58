using System.Collections.Concurrent;

namespace Opaline.EndToEnd.Tests.Servers;

/// <summary>A control store: how a server is started on it, and how to look into it while no server runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">What a server in that folder needs on its command line.</param>
/// <param name="QueryAsync">Runs a query on what a server in that folder has left.</param>
internal sealed record ControlEngine(
    string Name, Func<string, IReadOnlyList<string>> Arguments, Func<string, string, Task<List<object?[]>>> QueryAsync)
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_databases = new();

    private static readonly ControlEngine[] All =
    [
        new("sqlite", static _ => [], static (folder, sql) => StoredData.ControlAsync(Path.Combine(folder, "data"), sql)),
        new(
            "postgres",
            static folder => [$"--Opaline:Storage:Url={Database(folder)}"],
            static (folder, sql) => Task.FromResult(PostgresServer.RowsIn(Database(folder), sql))),
    ];

    public static TheoryData<string> Names => [.. All.Select(e => e.Name)];

    public static ControlEngine Of(string name) => All.Single(e => e.Name == name);

    // The folder's first server made it.
    private static string Database(string folder) => s_databases.GetOrAdd(folder, static _ => new Lazy<string>(() => PostgresServer.NewDatabase())).Value;
}
