using System.CommandLine;
using Opaline.LoadTest;

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
return await root.Parse(args).InvokeAsync();
