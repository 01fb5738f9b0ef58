using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Opaline.Catalog;
using Opaline.Platform.Tests.Ingestion;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Postgres;

[OnPostgres]
public sealed class PostgresOpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PostgresOpeningTests() => Engines.FromNothing(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Url => Engines.FromNothing(_folder.Path);

    [Fact]
    public async Task A_database_is_held_by_one_server_at_a_time()
    {
        await using (EmbeddedStores stores = await OpenedAsync())
            Refused("in use by another Opaline server");
        await using EmbeddedStores again = await OpenedAsync();
        await again.Control.WriteAsync(tx => Put(tx, "after"), Token);
    }

    [Fact]
    public async Task A_table_that_the_server_is_just_vacuuming_is_no_hindrance()
    {
        long dataset;
        await using (EmbeddedStores stores = await OpenedAsync())
            dataset = stores.Catalog.Find(Tenant.Default, EventsDataset.Name)!.Id;
        await using Npgsql.NpgsqlConnection other = new(PostgresUrl.Parse(Url).ConnectionString);
        await other.OpenAsync(Token);
        await using Npgsql.NpgsqlTransaction vacuum = await other.BeginTransactionAsync(Token);
        await using (Npgsql.NpgsqlCommand command = new($"LOCK TABLE {EventTable.Name(dataset)} IN SHARE UPDATE EXCLUSIVE MODE", other))
            await command.ExecuteNonQueryAsync(Token);
        await using EmbeddedStores again = await OpenedAsync();
        Assert.NotNull(again.Catalog.Find(Tenant.Default, EventsDataset.Name));
    }

    [Fact]
    public async Task An_empty_database_is_migrated_once_and_found_again()
    {
        byte[] id;
        await using (EmbeddedStores stores = await OpenedAsync())
        {
            id = await StoreIdAsync(stores);
            await stores.Control.WriteAsync(tx => Put(tx, "kept"), Token);
        }

        await using EmbeddedStores again = await OpenedAsync();
        Assert.Equal(id, await StoreIdAsync(again));
        Assert.Equal(1L, await CountAsync(again.Control));
        Assert.NotNull(again.Catalog.Find(Tenant.Default, EventsDataset.Name));
        Assert.Equal(1L, PostgresServer.RunIn(Url, "SELECT count(*) FROM \"__EFMigrationsHistory\""));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await (await OpenedAsync()).DisposeAsync();
        PostgresServer.RunIn(Url, "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0')");
        Refused("newer version");
        Assert.Equal(2L, PostgresServer.RunIn(Url, "SELECT count(*) FROM \"__EFMigrationsHistory\""));
    }

    [Fact]
    public async Task A_database_with_the_tables_of_an_earlier_build_is_refused()
    {
        await (await OpenedAsync()).DisposeAsync();
        PostgresServer.RunIn(Url, "DROP TABLE vault_scope CASCADE");
        Refused("development version");
    }

    [Fact]
    public void A_database_in_another_encoding_is_refused()
    {
        string url = PostgresServer.NewDatabase("SQL_ASCII");
        StorageFailureException refusal = Assert.Throws<StorageFailureException>(
            () => PostgresOpening.Open(new StorageOptions { Url = url }, TimeProvider.System, NullLogger.Instance));
        Assert.Contains("UTF8", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_without_the_url()
    {
        using CapturedLog log = new();
        StorageFailureException refusal = Assert.Throws<StorageFailureException>(() => PostgresOpening.Open(
            new StorageOptions { Url = "postgres://secretuser:s3cret@127.0.0.1:1/secretbase" }, TimeProvider.System, log));
        Assert.Contains("Opaline:Storage:Url", refusal.Message, StringComparison.Ordinal);
        string told = refusal + Encoding.UTF8.GetString(log.ToUtf8());
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_session_stops_the_store_until_a_restart_and_loses_nothing_acknowledged()
    {
        await using (EmbeddedStores stores = await OpenedAsync())
        {
            bool published = false;
            await stores.Control.WriteAsync(tx => Put(tx, "before"), Token);
            StorageFailureException lost = await Assert.ThrowsAsync<StorageFailureException>(() => stores.Control.WriteAsync(
                tx =>
                {
                    Put(tx, "holder");
                    tx.OnCommitted(() => published = true);
                    PostgresServer.KillWriter(Url);
                    return Put(tx, "lost");
                },
                Token));
            Assert.Contains("restart", lost.Message, StringComparison.Ordinal);
            Assert.True(stores.Control.Failed);
            Assert.False(published);
            await Assert.ThrowsAsync<StorageFailureException>(() => stores.Control.WriteAsync(tx => Put(tx, "after"), Token));
            Assert.Equal(1L, await CountAsync(stores.Control));
        }

        await using EmbeddedStores again = await OpenedAsync();
        await again.Control.WriteAsync(tx => Put(tx, "after"), Token);
        Assert.Equal(2L, await CountAsync(again.Control));
    }

    [Fact]
    public async Task A_session_lost_between_two_writes_is_not_made_again_as_its_lock_is_gone()
    {
        await using EmbeddedStores stores = await OpenedAsync();
        PostgresServer.KillWriter(Url);
        await Assert.ThrowsAsync<StorageFailureException>(() => stores.Control.WriteAsync(tx => Put(tx, "after"), Token));
        Assert.True(stores.Control.Failed);
        using TemporaryFolder other = new();
        await using EmbeddedStores successor = new(other.Path, configure: o => o.Url = Url);
        await successor.Control.WriteAsync(tx => Put(tx, "after"), Token);
    }

    [Fact]
    public async Task A_commit_waits_for_the_disk_whatever_the_database_says()
    {
        PostgresServer.RunIn("postgres:///postgres", $"ALTER DATABASE {new Uri(Url).AbsolutePath.TrimStart('/')} SET synchronous_commit = off");
        await using EmbeddedStores stores = await OpenedAsync();
        Assert.Equal("on", await stores.Control.WriteAsync(tx => (string?)tx.Connection.Scalar("SHOW synchronous_commit"), Token));
    }

    [Theory]
    [InlineData("UPDATE ledger_charge SET nano_rho = 0")]
    [InlineData("DELETE FROM ledger_charge")]
    [InlineData("TRUNCATE ledger_charge")]
    [InlineData("INSERT INTO ledger_charge (id, tenant, plan_hash, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta, charged_at, voucher_id) OVERRIDING SYSTEM VALUE VALUES (1, 't', '', 'k', 'a', 0, 0, 1, 0, 0, 0, 1) ON CONFLICT (id) DO UPDATE SET nano_rho = 0")]
    [InlineData("INSERT INTO audit_outbox (seq, at, tenant, actor, action, object, outcome) OVERRIDING SYSTEM VALUE VALUES (1, 0, 't', 'x', 'x', 'x', 'x') ON CONFLICT (seq) DO UPDATE SET actor = 'x'")]
    [InlineData("TRUNCATE audit_outbox")]
    [InlineData("TRUNCATE audit_policy")]
    [InlineData("TRUNCATE audit_outbox, audit_policy CASCADE")]
    public async Task Charges_and_records_are_final(string sql)
    {
        await using EmbeddedStores stores = await OpenedAsync();
        await stores.Control.WriteAsync(
            tx =>
            {
                tx.Execute("INSERT INTO ledger_charge (tenant, plan_hash, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta, charged_at, voucher_id) VALUES ('t', @p0, 'k', 'a', 0, 0, 1, 7, 0, 0, 1)", new byte[1]);
                return tx.Execute("INSERT INTO audit_outbox (at, tenant, actor, action, object, outcome) VALUES (0, 't', 'somebody', 'a', 'o', 'ok')");
            },
            Token);
        await Assert.ThrowsAsync<StorageFailureException>(() => stores.Control.WriteAsync(tx => tx.Execute(sql), Token));
        Assert.Equal(
            (7L, "somebody"),
            await stores.Control.ReadAsync(c => ((long)c.Scalar("SELECT SUM(nano_rho)::bigint FROM ledger_charge")!, (string)c.Scalar("SELECT actor FROM audit_outbox")!), Token));
    }

    public void Dispose() => _folder.Dispose();

    private static bool Put(ControlTransaction transaction, string key) =>
        IdempotencyTable.Remember(transaction, Tenant.Default, "s", key, [1], DateTime.UnixEpoch);

    private static Task<long> CountAsync(IControlStore store) => store.ReadAsync(c => (long)c.Scalar("SELECT COUNT(*) FROM idempotency")!, Token);

    private static Task<byte[]> StoreIdAsync(EmbeddedStores stores) => stores.Control.ReadAsync(c => (byte[])c.Scalar("SELECT store_id FROM installation")!, Token);

    private async Task<EmbeddedStores> OpenedAsync()
    {
        EmbeddedStores stores = new(_folder.Path);
        Assert.Equal(0, await stores.Control.ReadAsync(c => Convert.ToInt32(c.Scalar("SELECT COUNT(*) FROM inbox"), CultureInfo.InvariantCulture), Token));
        _ = stores.Events;
        return stores;
    }

    private void Refused(string why)
    {
        StorageFailureException refusal = Assert.Throws<StorageFailureException>(() =>
            PostgresOpening.Open(new StorageOptions { Url = Url }, TimeProvider.System, NullLogger.Instance));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }
}
