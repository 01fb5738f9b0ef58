using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

[assembly: AssemblyFixture(typeof(Opaline.Tests.PostgresServer))]

namespace Opaline.Tests;

/// <summary>
/// A PostgreSQL server of this test run: made in a temporary folder when the first test asks for a database, reached by a Unix socket in that
/// folder alone, stopped and deleted at the end. Compiled into the test projects that need it.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "opaline";
    private const int NewestKnown = 30;
    private const int OldestKnown = 15;

    private static readonly Lazy<(Process Process, string Folder)> s_server = new(Start);
    private static int s_databases;

    /// <summary>A new, empty database for a user without special rights, as a value of Opaline:Storage:Url. Skips the test where PostgreSQL is not installed.</summary>
    /// <param name="encoding">How it holds texts.</param>
    /// <param name="template">The database of the server that it is a copy of, by its url, and that nobody uses; null: an empty one.</param>
    public static string NewDatabase(string encoding = "UTF8", string? template = null)
    {
        Assert.SkipWhen(Programs is null, "PostgreSQL 15 or newer is not installed.");
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref s_databases)}");
        Run("postgres", $"CREATE DATABASE {name} OWNER {User} ENCODING '{encoding}' TEMPLATE {(template is null ? "template0" : Database(template))}");
        return $"postgres:///{name}?host={s_server.Value.Folder}&username={User}";
    }

    /// <summary>Runs a statement in that database as the server's superuser and returns the first value.</summary>
    public static object? RunIn(string url, string sql) => Run(Database(url), sql);

    /// <summary>Runs a query in that database as the server's superuser.</summary>
    public static List<object?[]> RowsIn(string url, string sql)
    {
        using NpgsqlConnection connection = Open(s_server.Value.Folder, Database(url));
        using NpgsqlCommand command = Command(connection, sql);
        using NpgsqlDataReader reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    /// <summary>Kills the session by which the database is written, as a failover or an operator would.</summary>
    public static void KillWriter(string url) =>
        Run("postgres", $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{Database(url)}' AND application_name = 'opaline-writer'");

    /// <summary>Stops the server if there is one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!s_server.IsValueCreated)
            return;
        (Process process, string folder) = s_server.Value;
        NpgsqlConnection.ClearAllPools();
        // SIGQUIT: at once, without writing out what is deleted next. A clean stop syncs every file of every database, which takes minutes.
        Finish("kill", "-QUIT", process.Id.ToString(CultureInfo.InvariantCulture));
        // Not for the end of its output, which a session that lives on a little longer holds open.
        for (int i = 0; i < 600 && !process.HasExited; i++)
            await Task.Delay(50);
        process.Kill(entireProcessTree: true);
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // The newest one's folder, or null.
    private static string? Programs { get; } = Enumerable.Range(OldestKnown, NewestKnown - OldestKnown + 1).Reverse()
        .Select(v => string.Create(CultureInfo.InvariantCulture, $"/usr/lib/postgresql/{v}/bin"))
        .FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")));

    private static (Process Process, string Folder) Start()
    {
        string folder = Path.Combine(Path.GetTempPath(), "opaline-pg-" + RandomNumberGenerator.GetHexString(8, true));
        string data = Path.Combine(folder, "data");
        Directory.CreateDirectory(folder);
        // The server refuses to run as root.
        string[] prefix = [];
        if (Environment.IsPrivilegedProcess)
        {
            Finish("chown", "postgres", folder);
            prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"];
        }

        Finish([.. prefix, Path.Combine(Programs!, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]);
        Process process = Launch(
            [
                .. prefix, Path.Combine(Programs!, "postgres"), "-D", data, "-c", "listen_addresses=", "-c", $"unix_socket_directories={folder}",
                // No test crashes the machine, only servers.
                "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0",
                // With hundreds of databases a worker would start every few milliseconds, and plans would depend on whether it came by.
                "-c", "autovacuum=off",
                "-c", "max_connections=400", "-c", "shared_buffers=64MB", "-c", "logging_collector=off",
            ]);
        WaitUntilReady(folder, process);
        Run(folder, "postgres", $"CREATE ROLE {User} LOGIN");
        return (process, folder);
    }

    private static void WaitUntilReady(string folder, Process process)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Run(folder, "postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!process.HasExited && waited.Elapsed < TimeSpan.FromSeconds(30))
            {
                Thread.Sleep(50);
            }
        }
    }

    private static string Database(string url) => new Uri(url).AbsolutePath.TrimStart('/');

    private static object? Run(string database, string sql) => Run(s_server.Value.Folder, database, sql);

    private static object? Run(string folder, string database, string sql)
    {
        using NpgsqlConnection connection = Open(folder, database);
        using NpgsqlCommand command = Command(connection, sql);
        return command.ExecuteScalar();
    }

    private static NpgsqlConnection Open(string folder, string database)
    {
        NpgsqlConnection connection = new($"Host={folder};Database={database};Username=postgres;Pooling=false;Command Timeout=300");
        connection.Open();
        return connection;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
        NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private static void Finish(params string[] words)
    {
        using Process process = Launch(words);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{words[^1]} ended with {process.ExitCode}.");
    }

    // What it prints is read and dropped: a full pipe would stop it.
    private static Process Launch(string[] words)
    {
        ProcessStartInfo start = new(words[0]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (string word in words[1..])
            start.ArgumentList.Add(word);
        Process process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
