using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Opening;

public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OpeningTests() => Engines.FromNothing(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_folder_and_everything_in_it_is_for_the_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are Unix's.");
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)511);
        await File.WriteAllTextAsync(_folder.File("control.db"), "", Token);
        File.SetUnixFileMode(_folder.File("control.db"), (UnixFileMode)438);
        await using EmbeddedStores stores = await FilledAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Path));
        string[] files = Directory.GetFiles(_folder.Path);
        Assert.Contains(_folder.File("control.db-wal"), files);
        Assert.Contains(_folder.File("events.duckdb"), files);
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task A_clean_close_leaves_no_log_behind()
    {
        await (await FilledAsync()).DisposeAsync();
        Assert.Equal(["control.db", "events.duckdb", "lock"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_folder_is_held_by_one_server_at_a_time()
    {
        await using EmbeddedStores stores = await FilledAsync();
        await RefusedAsync("in use");
    }

    [Fact]
    public async Task A_control_store_with_damage_in_the_middle_is_refused_and_left_as_it_is()
    {
        await (await FilledAsync()).DisposeAsync();
        Damage("control.db", step: 4_096, from: 4_096 + 10);
        byte[] before = Hash("control.db");
        await RefusedAsync("control.db in the data folder is damaged");
        Assert.Equal(before, Hash("control.db"));
    }

    [Fact]
    public async Task A_control_store_cut_short_is_refused()
    {
        await (await FilledAsync()).DisposeAsync();
        Cut("control.db", 3);
        await RefusedAsync("damaged");
    }

    [Fact]
    public async Task A_file_that_is_no_control_store_is_refused()
    {
        Directory.CreateDirectory(_folder.Path);
        await File.WriteAllBytesAsync(_folder.File("control.db"), RandomNumberGenerator.GetBytes(8_192), Token);
        await RefusedAsync("damaged");
    }

    [Fact]
    public async Task A_control_store_of_a_newer_version_is_refused()
    {
        await using (EmbeddedStores stores = await FilledAsync())
        {
            await stores.Control.WriteAsync(
                tx => tx.Execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0.0')"), Token);
        }

        await RefusedAsync("newer version");
    }

    [Fact]
    public async Task A_control_store_with_the_tables_of_an_earlier_build_is_refused_and_left_as_it_is()
    {
        await using (EmbeddedStores stores = await FilledAsync())
        {
            await stores.Control.WriteAsync(
                tx => tx.Execute("DROP TABLE vault_scope; DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%TokenFormats'"), Token);
        }

        await RefusedAsync("development version");
        using SqliteConnection connection = new($"Data Source={_folder.File("control.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%TokenFormats'";
        Assert.Equal(0L, command.ExecuteScalar());
    }

    [Fact]
    public async Task A_first_start_that_was_killed_at_its_migration_is_taken_up_again()
    {
        Directory.CreateDirectory(_folder.Path);
        using (SqliteConnection connection = new($"Data Source={_folder.File("control.db")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2024-01-01 00:00:00+00:00');
                """;
            command.ExecuteNonQuery();
        }

        await using EmbeddedStores stores = new(_folder.Path);
        Assert.Equal(0, stores.Events.AppliedLsn);
    }

    [Fact]
    public async Task An_event_store_with_a_damaged_header_is_refused()
    {
        await (await FilledAsync()).DisposeAsync();
        Damage("events.duckdb", step: 64, from: 0, to: 12_288);
        await RefusedAsync("events.duckdb in the data folder is damaged");
    }

    [Fact]
    public async Task An_event_store_with_damaged_rows_is_refused_before_it_answers_anything()
    {
        await (await FilledAsync()).DisposeAsync();
        Damage("events.duckdb", step: 32_768, from: 12_288 + 100);
        byte[] before = Hash("events.duckdb");
        await RefusedAsync("events.duckdb in the data folder is damaged");
        Assert.Equal(before, Hash("events.duckdb"));
    }

    [Fact]
    public async Task An_event_store_cut_short_is_refused()
    {
        await (await FilledAsync()).DisposeAsync();
        Cut("events.duckdb", 2);
        await RefusedAsync("damaged");
    }

    [Fact]
    public async Task A_missing_event_store_is_refused_once_rows_have_been_settled()
    {
        await (await FilledAsync()).DisposeAsync();
        File.Delete(_folder.File("events.duckdb"));
        await RefusedAsync("missing");
    }

    [Fact]
    public async Task An_event_store_behind_what_the_inbox_can_replay_is_refused()
    {
        await (await FilledAsync()).DisposeAsync();
        File.Copy(_folder.File("events.duckdb"), _folder.File("older"));
        await using (EmbeddedStores stores = new(_folder.Path))
            await SettleAsync(stores, 2, forget: true);
        File.Move(_folder.File("older"), _folder.File("events.duckdb"), overwrite: true);
        await RefusedAsync("older than control.db");
    }

    [Fact]
    public async Task An_event_store_behind_by_what_the_inbox_still_has_catches_up()
    {
        await (await FilledAsync()).DisposeAsync();
        File.Copy(_folder.File("events.duckdb"), _folder.File("older"));
        await using (EmbeddedStores stores = new(_folder.Path))
            await SettleAsync(stores, 2, forget: false);
        File.Move(_folder.File("older"), _folder.File("events.duckdb"), overwrite: true);
        await using EmbeddedStores again = new(_folder.Path);
        Assert.Equal(1, again.Events.AppliedLsn);
        await ReplayAsync(again);
        Assert.Equal(2L * RowsPerFrame, await CountAsync(again));
    }

    [Fact]
    public async Task An_event_store_ahead_of_the_control_store_is_refused()
    {
        await (await FilledAsync()).DisposeAsync();
        File.Copy(_folder.File("control.db"), _folder.File("older"));
        await using (EmbeddedStores stores = new(_folder.Path))
            await SettleAsync(stores, 2, forget: true);
        File.Move(_folder.File("older"), _folder.File("control.db"), overwrite: true);
        await RefusedAsync("control.db is older");
    }

    [Fact]
    public async Task An_event_store_of_another_installation_is_refused()
    {
        await (await FilledAsync()).DisposeAsync();
        using TemporaryFolder other = new();
        await using (EmbeddedStores stores = new(other.Path))
            Assert.Equal(0, stores.Events.AppliedLsn);
        File.Copy(other.File("events.duckdb"), _folder.File("events.duckdb"), overwrite: true);
        await RefusedAsync("another control.db");
    }

    [Fact]
    public async Task A_crash_between_settling_and_forgetting_neither_doubles_nor_loses_a_row()
    {
        using TemporaryFolder image = new();
        await using (EmbeddedStores stores = await FilledAsync())
        {
            await SettleAsync(stores, 2, forget: false);
            // What the disk holds while the server runs is what kill -9 leaves.
            Directory.CreateDirectory(image.Path);
            foreach (string file in Directory.GetFiles(_folder.Path).Where(f => Path.GetFileName(f) is not ("lock" or "control.db-shm")))
                File.Copy(file, image.File(Path.GetFileName(file)));
        }

        await using EmbeddedStores again = new(image.Path);
        Assert.Equal(2, again.Events.AppliedLsn);
        Assert.Equal(2, await again.Control.ReadAsync(InboxTable.LastLsn, Token));
        await ReplayAsync(again);
        Assert.Equal(2L * RowsPerFrame, await CountAsync(again));
    }

    [Fact]
    public async Task Encryption_that_cannot_be_had_is_refused_naming_the_option()
    {
        await using EmbeddedStores stores = new(_folder.Path, configure: o =>
        {
            o.EncryptEvents = true;
            o.EventsKey = new byte[32];
        });
        try
        {
            Assert.Equal(0, stores.Events.AppliedLsn);
        }
        catch (StorageFailureException refusal)
        {
            Assert.Contains("Opaline:Storage:EncryptEvents", refusal.Message, StringComparison.Ordinal);
            return;
        }

        Assert.DoesNotContain("opaline_store", await File.ReadAllTextAsync(_folder.File("events.duckdb"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_rows_leave_no_trace_in_the_control_store()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(24);
        await using EmbeddedStores stores = new(_folder.Path);
        await stores.Control.WriteAsync(
            tx => InboxTable.Append(tx, 1, DateTime.UnixEpoch, RowFrame.Write([], [Rows.Row(1) with { Sealed = secret }])), Token);
        Assert.True(Holds("control.db-wal") || Holds("control.db"));
        await stores.Control.WriteAsync(
            tx =>
            {
                InboxTable.DeleteThrough(tx, 1);
                return true;
            },
            Token);
        await stores.DisposeAsync();
        Assert.False(Holds("control.db"));

        bool Holds(string file)
        {
            using FileStream stream = new(_folder.File(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using MemoryStream copy = new();
            stream.CopyTo(copy);
            return copy.ToArray().AsSpan().IndexOf(secret) >= 0;
        }
    }

    public void Dispose() => _folder.Dispose();

    private const int RowsPerFrame = 20_000;

    private static async Task SettleAsync(EmbeddedStores stores, long lsn, bool forget)
    {
        byte[] frame = RowFrame.Write([], [.. Enumerable.Range(0, RowsPerFrame).Select(i => Rows.Row(Rows.Key((int)(lsn * 1_000_000) + i), i))]);
        Assert.Equal(lsn, await stores.Control.WriteAsync(tx => InboxTable.Append(tx, 1, DateTime.UnixEpoch, frame), Token));
        await ReplayAsync(stores);
        if (!forget)
            return;
        await stores.Control.WriteAsync(
            tx =>
            {
                InboxTable.DeleteThrough(tx, lsn);
                return true;
            },
            Token);
    }

    private static async Task ReplayAsync(EmbeddedStores stores) =>
        await stores.Events.SettleAsync(await stores.Control.ReadAsync(c => InboxTable.ReadBatch(c, 0, long.MaxValue, long.MaxValue), Token), Token);

    private static async Task<long> CountAsync(EmbeddedStores stores) =>
        (long)(await stores.Events.AggregateAsync($"SELECT count(*) FROM {EventTable.Name(1)}", [], Token))[0][0]!;

    private async Task<EmbeddedStores> FilledAsync()
    {
        EmbeddedStores stores = new(_folder.Path);
        await SettleAsync(stores, 1, forget: true);
        return stores;
    }

    private async Task RefusedAsync(string because)
    {
        await using EmbeddedStores stores = new(_folder.Path);
        StorageFailureException refusal = Assert.Throws<StorageFailureException>(() => stores.Events);
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
        Assert.Null(refusal.InnerException);
    }

    private void Damage(string file, int step, int from, int to = int.MaxValue)
    {
        using FileStream stream = new(_folder.File(file), FileMode.Open);
        for (long position = from; position < Math.Min(stream.Length, to); position += step)
        {
            stream.Position = position;
            int value = stream.ReadByte();
            stream.Position = position;
            stream.WriteByte((byte)(value ^ 0x5A));
        }
    }

    private void Cut(string file, int divisor)
    {
        using FileStream stream = new(_folder.File(file), FileMode.Open);
        stream.SetLength(stream.Length / divisor);
    }

    private byte[] Hash(string file) => SHA256.HashData(File.ReadAllBytes(_folder.File(file)));
}
