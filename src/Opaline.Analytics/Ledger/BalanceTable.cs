using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Running totals of what accounts were charged: per window, and over all windows, disjoint intervals of blocks that have paid the same. Kept in
/// the transaction of the charges, which stay the facts (<see cref="LedgerTable"/>); <see cref="LedgerCheck"/> compares the two.
/// </summary>
internal static class BalanceTable
{
    /// <summary>Stands for all windows together: a day that no window begins on.</summary>
    public const long AllWindows = -1;

    /// <summary>A total beyond this (ρ of 4 billion, δ of 4) means nothing any more and stays there, inside 64 bits.</summary>
    public const long Most = 4_000_000_000_000_000_000;

    private const string Account = "tenant = @p0 AND account_kind = @p1 AND account_key = @p2";

    // What is kept of each account, and the order of its columns.
    private const string Columns = "tenant, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta";

    // The totals that a charge changes.
    private static readonly string Charged = $"{Account} AND window_index IN (@p3, {AllWindows})";

    // Of the block that an end of the charge lies inside, the part behind it; of one around both, the part between them too.
    private static readonly string CutEnds = $"""
        INSERT INTO ledger_balance ({Columns})
        SELECT tenant, account_kind, account_key, window_index, cut, CASE WHEN cut < @p5 AND block_to > @p5 THEN @p5 ELSE block_to END, nano_rho, atto_delta
        FROM ledger_balance CROSS JOIN (SELECT @p4 AS cut UNION ALL SELECT @p5) AS ends
        WHERE {Charged} AND block_from < cut AND block_to > cut
        """;

    private static readonly string ShortenCut = $"""
        UPDATE ledger_balance SET block_to = CASE WHEN block_from < @p4 THEN @p4 ELSE @p5 END
        WHERE {Charged} AND ((block_from < @p4 AND block_to > @p4) OR (block_from < @p5 AND block_to > @p5))
        """;

    // A gap begins where the charge or a block ends and no block begins.
    private static readonly string FillGaps = $"""
        INSERT INTO ledger_balance ({Columns})
        SELECT @p0, @p1, @p2, gap.window_index, gap.block_from,
            COALESCE((
                SELECT MIN(next.block_from) FROM ledger_balance AS next
                WHERE {Account} AND next.window_index = gap.window_index AND next.block_from > gap.block_from AND next.block_from < @p5), @p5),
            0, 0
        FROM (
            SELECT @p3 AS window_index, @p4 AS block_from UNION SELECT {AllWindows}, @p4 UNION
            SELECT window_index, block_to FROM ledger_balance WHERE {Charged} AND block_from >= @p4 AND block_to < @p5) AS gap
        WHERE NOT EXISTS (
            SELECT 1 FROM ledger_balance AS paid
            WHERE {Account} AND paid.window_index = gap.window_index AND paid.block_from <= gap.block_from AND paid.block_to > gap.block_from)
        """;

    private static readonly string AddToBlocks = $"""
        UPDATE ledger_balance SET
            nano_rho = CASE WHEN nano_rho > @p8 - @p6 THEN @p8 ELSE nano_rho + @p6 END,
            atto_delta = CASE WHEN atto_delta > @p8 - @p7 THEN @p8 ELSE atto_delta + @p7 END
        WHERE {Charged} AND block_from >= @p4 AND block_from < @p5
        """;

    /// <summary>Accounts in their current windows; of one with blocks, its most spent block inside <paramref name="blocks"/> (null: of all).</summary>
    public static ImmutableArray<AccountState> States(DbConnection connection, ImmutableArray<Account> accounts, DateTime asOf, BlockInterval? blocks)
    {
        List<object?> parameters = [];
        return connection.Query(Select(accounts, blocks, parameters), parameters, reader => Read(reader, accounts, asOf));
    }

    /// <summary>The statements that <see cref="Read"/> reads; their values are added to <paramref name="parameters"/>.</summary>
    public static string Select(ImmutableArray<Account> accounts, BlockInterval? blocks, List<object?> parameters)
    {
        StringBuilder sql = new();
        foreach (Account account in accounts)
        {
            int first = parameters.Count;
            BlockInterval? asked = account.Blocks ? blocks : null;
            parameters.AddRange([account.Tenant.Value, account.KindText, account.Key, asked?.To ?? long.MaxValue, asked?.From ?? long.MinValue]);
            string of = string.Create(CultureInfo.InvariantCulture, $"tenant = @p{first} AND account_kind = @p{first + 1} AND account_key = @p{first + 2}");
            string inside = string.Create(CultureInfo.InvariantCulture, $"block_from < @p{first + 3} AND block_to > @p{first + 4}");
            // Two rows: of the newest window, and of all.
            sql.Append(CultureInfo.InvariantCulture, $"""
                SELECT window_index, COALESCE(MAX(CASE WHEN {inside} THEN nano_rho END), 0), COALESCE(MAX(CASE WHEN {inside} THEN atto_delta END), 0),
                    MAX(nano_rho), MAX(atto_delta)
                FROM ledger_balance
                WHERE {of} AND window_index IN ({AllWindows}, (SELECT window_index FROM ledger_balance WHERE {of} ORDER BY window_index DESC LIMIT 1))
                GROUP BY window_index;

                """);
        }

        return sql.ToString();
    }

    /// <summary>Reads what <see cref="Select"/> asked for. A clock that goes back finds the newest window that was ever charged, so it refills nothing.</summary>
    public static ImmutableArray<AccountState> Read(DbDataReader reader, ImmutableArray<Account> accounts, DateTime asOf)
    {
        ImmutableArray<AccountState>.Builder states = ImmutableArray.CreateBuilder<AccountState>(accounts.Length);
        foreach (Account account in accounts)
        {
            AccountState state = new(account, CurrentWindow(account, asOf), 0, 0, 0, 0);
            while (reader.Read())
            {
                long window = reader.GetInt64(0);
                bool all = window == AllWindows;
                if (all)
                    state = state with { LifetimeNanoRho = reader.GetInt64(3), LifetimeAttoDelta = reader.GetInt64(4) };
                // An account that is never refilled counts every window that it may have had before.
                if (account.WindowDays is null ? all : window >= state.Window)
                    state = state with { Window = all ? 0 : window, SpentNanoRho = reader.GetInt64(1), SpentAttoDelta = reader.GetInt64(2) };
            }

            states.Add(state);
            reader.NextResult();
        }

        return states.MoveToImmutable();
    }

    /// <summary>What one whole person has paid, over all datasets of a subject scope.</summary>
    public static (long NanoRho, long AttoDelta) Person(DbConnection connection, Tenant tenant, string scope) => connection.Query(
        $"SELECT COALESCE(MAX(nano_rho), 0), COALESCE(MAX(atto_delta), 0) FROM ledger_balance WHERE {Account} AND window_index = {AllWindows}",
        [tenant.Value, LedgerTable.ScopeKind, scope],
        reader => reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0));

    /// <summary>What the blocks of an account have paid in its current window, in order, neighbours that have paid the same together.</summary>
    public static List<BlockTotal> Blocks(DbConnection connection, AccountState state)
    {
        Account account = state.Account;
        using DbCommand command = connection.Command(
            $"SELECT block_from, block_to, nano_rho, atto_delta FROM ledger_balance WHERE {Account} AND window_index = @p3 ORDER BY block_from",
            account.Tenant.Value,
            account.KindText,
            account.Key,
            account.WindowDays is null ? AllWindows : state.Window);
        using DbDataReader reader = command.ExecuteReader();
        List<BlockTotal> blocks = [];
        while (reader.Read())
        {
            BlockTotal next = new(new BlockInterval(reader.GetInt64(0), reader.GetInt64(1)), reader.GetInt64(2), reader.GetInt64(3));
            if (blocks.Count > 0 && blocks[^1] is { } last && last.Blocks.To == next.Blocks.From && (last.NanoRho, last.AttoDelta) == (next.NanoRho, next.AttoDelta))
                blocks[^1] = last with { Blocks = new BlockInterval(last.Blocks.From, next.Blocks.To) };
            else
                blocks.Add(next);
        }

        return blocks;
    }

    /// <summary>Adds a charge to the totals of its window and of all windows.</summary>
    public static void Add(ControlTransaction transaction, LedgerCharge charge)
    {
        if (charge.Kind != Analytics.Account.DatasetKind && charge.Blocks == BlockInterval.Whole)
            AddWhole(transaction, charge);
        else
            AddBlocks(transaction, charge);
    }

    // The number of the window's first day; 0 for an account that is never refilled.
    private static long CurrentWindow(Account account, DateTime asOf)
    {
        long today = PeriodGrid.DayNumber(DateOnly.FromDateTime(asOf));
        return account.WindowDays is { } days ? today - (today % days) : 0;
    }

    // Only datasets have blocks; of the others each total is one row.
    private static void AddWhole(ControlTransaction transaction, LedgerCharge charge) => transaction.Enqueue(
        $"""
        INSERT INTO ledger_balance ({Columns})
        VALUES (@p0, @p1, @p2, @p3, @p5, @p6, @p7, @p8), (@p0, @p1, @p2, @p4, @p5, @p6, @p7, @p8)
        ON CONFLICT (tenant, account_kind, account_key, window_index, block_from) DO UPDATE SET
            nano_rho = CASE WHEN ledger_balance.nano_rho > @p9 - @p7 THEN @p9 ELSE ledger_balance.nano_rho + @p7 END,
            atto_delta = CASE WHEN ledger_balance.atto_delta > @p9 - @p8 THEN @p9 ELSE ledger_balance.atto_delta + @p8 END
        """,
        charge.Tenant.Value,
        charge.Kind,
        charge.Key,
        charge.Window,
        AllWindows,
        charge.Blocks.From,
        charge.Blocks.To,
        charge.NanoRho,
        charge.AttoDelta,
        Most);

    // Blocks are cut where the charge begins and ends, those that nobody has paid for yet are added, and then all between the two pay.
    private static void AddBlocks(ControlTransaction transaction, LedgerCharge charge)
    {
        object?[] blocks = [charge.Tenant.Value, charge.Kind, charge.Key, charge.Window, charge.Blocks.From, charge.Blocks.To];
        transaction.Enqueue(CutEnds, blocks);
        transaction.Enqueue(ShortenCut, blocks);
        transaction.Enqueue(FillGaps, blocks);
        transaction.Enqueue(AddToBlocks, [.. blocks, charge.NanoRho, charge.AttoDelta, Most]);
    }
}
