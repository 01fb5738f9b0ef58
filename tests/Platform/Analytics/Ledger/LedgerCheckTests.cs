using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Ledger;

public class LedgerCheckTests
{
    private static readonly LedgerCharge Charge = new(Tenant.Default, "dataset", "1", 19_000, new BlockInterval(10, 20), 5, 2);

    [Theory]
    [InlineData("UPDATE ledger_balance SET nano_rho = nano_rho + 1 WHERE window_index = 19000")]
    [InlineData("UPDATE ledger_balance SET block_to = 30 WHERE window_index = -1")]
    [InlineData("INSERT INTO ledger_balance VALUES ('default', 'dataset', '9', 0, 0, 1, 1, 1)")]
    [InlineData("DROP TRIGGER ledger_balance_never_falls; UPDATE ledger_balance SET nano_rho = 0")]
    [InlineData("DROP TRIGGER ledger_balance_stays; DELETE FROM ledger_balance WHERE window_index = 19000")]
    public async Task A_total_that_was_changed_from_outside_is_found(string change)
    {
        await using EmbeddedStores stores = new();
        await BalanceTableTests.AddAsync(stores, Charge, Charge with { Kind = "scope", Key = "s" });
        Assert.Empty(await stores.Control.ReadAsync(LedgerCheck.Differences, Token));
        await stores.Control.WriteAsync(transaction => transaction.Execute(change), Token);
        Assert.NotEmpty(await stores.Control.ReadAsync(LedgerCheck.Differences, Token));
    }

    [Fact]
    public async Task A_server_does_not_open_over_totals_that_are_not_those_of_the_charges()
    {
        await using AnalyticsHost host = new();
        await host.Budgets.CheckAsync(Token);
        await host.Control.WriteAsync(transaction => transaction.Execute("INSERT INTO ledger_balance VALUES ('default', 'dataset', '1', -1, 0, 1, 1, 0)"), Token);
        await Assert.ThrowsAsync<StorageFailureException>(() => host.Budgets.CheckAsync(Token));
    }

    [Fact]
    public async Task What_was_charged_before_there_were_totals_is_in_them()
    {
        using TemporaryFolder folder = new();
        await using (EmbeddedStores before = new(folder.Path))
        {
            // Charges of every kind of overlap, as the first version of the schema holds them.
            Random random = new(7);
            await before.Control.WriteAsync(
                transaction =>
                {
                    for (int i = 0; i < 300; i++)
                    {
                        long from = i % 3 == 0 ? 0 : random.Next(30);
                        transaction.Execute(
                            "INSERT INTO ledger_charge (tenant, plan_hash, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta, charged_at, voucher_id) "
                            + "VALUES ('default', @p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, 0, 1)",
                            new byte[32],
                            i % 3 == 0 ? "principal" : "dataset",
                            i % 2 == 0 ? "1" : "2",
                            19_000 + random.Next(2),
                            from,
                            from + (i % 3 == 0 ? 1 : 1 + random.Next(10)),
                            1 + random.Next(100),
                            random.Next(5));
                    }

                    transaction.Execute("DROP TABLE ledger_balance");
                    transaction.Execute("DROP INDEX ledger_charge_day");
                    return transaction.Execute("DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%_LedgerBalance'");
                },
                Token);
        }

        await using EmbeddedStores after = new(folder.Path);
        Assert.Empty(await after.Control.ReadAsync(LedgerCheck.Differences, Token));
        Assert.NotEqual(0L, await after.Control.ReadAsync(connection => connection.Scalar("SELECT COUNT(*) FROM ledger_balance"), Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
