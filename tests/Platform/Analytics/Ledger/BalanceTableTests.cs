using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Ledger;

public class BalanceTableTests
{
    private static readonly LedgerCharge Charge = new(Tenant.Default, "dataset", "1", 19_000, new BlockInterval(10, 20), 5, 2);

    [Theory]
    [InlineData(0, 5)] // before, with a gap
    [InlineData(5, 10)] // before, touching
    [InlineData(5, 15)] // over its beginning
    [InlineData(12, 15)] // inside
    [InlineData(10, 20)] // the same
    [InlineData(10, 15)]
    [InlineData(15, 20)]
    [InlineData(15, 25)] // over its end
    [InlineData(5, 25)] // around
    [InlineData(25, 30)] // after
    public async Task Blocks_of_two_charges_are_told_apart_however_they_overlap(long from, long to)
    {
        await using EmbeddedStores stores = new();
        await AddAsync(stores, Charge, Charge with { Blocks = new BlockInterval(from, to), NanoRho = 3, AttoDelta = 1 });
        await stores.Control.ReadAsync(
            connection =>
            {
                for (long block = -1; block < 32; block++)
                {
                    long expected = (block is >= 10 and < 20 ? 5 : 0) + (block >= from && block < to ? 3 : 0);
                    Assert.Equal(expected, State(connection, new BlockInterval(block, block + 1)).SpentNanoRho);
                }

                return true;
            },
            Token);
    }

    [Fact]
    public async Task Totals_equal_the_sums_of_ten_thousand_random_charges()
    {
        Random random = new(42);
        await using EmbeddedStores stores = new();
        LedgerCharge[] charges =
        [
            .. Enumerable.Range(0, LongRuns.Times(2_000, 5)).Select(_ =>
            {
                long from = random.Next(60);
                if (random.Next(4) == 0)
                    return new LedgerCharge(Tenant.Default, "principal", "1", 19_000 + random.Next(3), BlockInterval.Whole, 1 + random.Next(1_000), random.Next(10));
                return new LedgerCharge(
                    Tenant.Default, "dataset", random.Next(3).ToString(System.Globalization.CultureInfo.InvariantCulture), 19_000 + random.Next(3),
                    new BlockInterval(from, from + 1 + random.Next(20)), 1 + random.Next(1_000), random.Next(10));
            }),
        ];
        await AddAsync(stores, charges);
        Assert.Empty(await stores.Control.ReadAsync(LedgerCheck.Differences, Token));
        // Of what was charged, by a sum of its own.
        await stores.Control.ReadAsync(
            connection =>
            {
                for (long block = 0; block < 80; block++)
                {
                    long expected = charges.Where(c => c is { Kind: "dataset", Key: "1", Window: 19_002 } && c.Blocks.From <= block && block < c.Blocks.To).Sum(c => c.NanoRho);
                    Assert.Equal(expected, State(connection, new BlockInterval(block, block + 1)).SpentNanoRho);
                }

                return true;
            },
            Token);
    }

    [Theory]
    [InlineData("UPDATE ledger_balance SET nano_rho = nano_rho - 1")]
    [InlineData("UPDATE ledger_balance SET atto_delta = atto_delta - 1")]
    [InlineData("DELETE FROM ledger_balance")]
    public async Task A_total_is_never_lowered_or_lost(string change)
    {
        await using EmbeddedStores stores = new();
        await AddAsync(stores, Charge);
        await Assert.ThrowsAsync<StorageFailureException>(() => stores.Control.WriteAsync(transaction => transaction.Execute(change), Token));
    }

    [Fact]
    public async Task A_total_that_means_nothing_any_more_stays_inside_its_integer()
    {
        await using EmbeddedStores stores = new();
        LedgerCharge huge = Charge with { NanoRho = BalanceTable.Most - 1, AttoDelta = BalanceTable.Most - 1 };
        await AddAsync(stores, huge, huge, huge);
        AccountState state = await stores.Control.ReadAsync(connection => State(connection, null), Token);
        Assert.Equal((BalanceTable.Most, BalanceTable.Most), (state.SpentNanoRho, state.SpentAttoDelta));
        Assert.Empty(await stores.Control.ReadAsync(LedgerCheck.Differences, Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AccountState State(System.Data.Common.DbConnection connection, BlockInterval? blocks) => BalanceTable.States(
        connection,
        [new Account(Tenant.Default, AccountKind.Dataset, "1", "shop", 1_000, 1_000, 1, Blocks: true)],
        DateTime.UnixEpoch,
        blocks)[0];

    /// <summary>With the facts beside them, as the ledger writes them.</summary>
    internal static Task<bool> AddAsync(EmbeddedStores stores, params LedgerCharge[] charges) => stores.Control.WriteAsync(
        transaction =>
        {
            foreach (LedgerCharge charge in charges)
            {
                transaction.Execute(
                    "INSERT INTO ledger_charge (tenant, plan_hash, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta, charged_at, voucher_id) "
                    + "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, 0, 1)",
                    charge.Tenant.Value,
                    new byte[32],
                    charge.Kind,
                    charge.Key,
                    charge.Window,
                    charge.Blocks.From,
                    charge.Blocks.To,
                    charge.NanoRho,
                    charge.AttoDelta);
                BalanceTable.Add(transaction, charge);
            }

            return true;
        },
        Token);
}
