using System.CommandLine;
using Opaline.LoadTest;
using Opaline.LoadTest.Aggregations;
using Opaline.LoadTest.Vaults;

Option<int> seconds = new("--seconds") { Description = "How long each rate is measured.", DefaultValueFactory = _ => 10 };
Option<int[]> connections = new("--connections") { Description = "Numbers of connections to measure with.", DefaultValueFactory = _ => [1, 4, 16], AllowMultipleArgumentsPerToken = true };
Option<int> rows = new("--rows") { Description = "Events in the store when questions are measured.", DefaultValueFactory = _ => 1_000_000 };
Option<FileInfo?> markdown = new("--markdown") { Description = "File to write the tables to, for docs/PERFORMANCE.md." };
RootCommand root = new("Measures a server over HTTP: durable events a second, and how long questions take. It starts the server itself, on a temporary folder.")
{
    seconds, connections, rows, markdown,
};
root.SetAction((parsed, cancellationToken) => LoadTest.RunAsync(
    new LoadTestOptions(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(connections)!, parsed.GetValue(rows), parsed.GetValue(markdown)),
    cancellationToken));
Option<int> stored = new("--rows") { Description = "Rows in the store.", DefaultValueFactory = _ => 10_000_000 };
Option<int[]> subjects = new("--subjects") { Description = "Numbers of subjects to measure with.", DefaultValueFactory = _ => [100_000, 1_000_000], AllowMultipleArgumentsPerToken = true };
Option<string?> postgres = new("--postgres") { Description = "Empty PostgreSQL databases to measure too: Opaline:Storage:Url with {subjects} in the name for each of --subjects." };
Option<bool> serverOnly = new("--server-only") { Description = "Measure PostgreSQL alone, which takes an hour for ten million rows." };
Command aggregations = new("aggregations", "Measures bounded aggregations beside plain SQL inside the engines, and what is around them, without HTTP.")
{
    stored, subjects, postgres, serverOnly, markdown,
};
aggregations.SetAction((parsed, cancellationToken) => AggregationTest.RunAsync(
    parsed.GetValue(stored), parsed.GetValue(subjects)!, parsed.GetValue(postgres), parsed.GetValue(serverOnly), parsed.GetValue(markdown), cancellationToken));
root.Add(aggregations);
Option<int> people = new("--subjects") { Description = "New people to store.", DefaultValueFactory = _ => 10_000_000 };
Command vault = new("vault", "Measures how many new people a second the token vault takes durably, and what each takes of its file.") { people, markdown };
vault.SetAction((parsed, cancellationToken) => VaultTest.RunAsync(parsed.GetValue(people), parsed.GetValue(markdown), cancellationToken));
root.Add(vault);
return await root.Parse(args).InvokeAsync();
