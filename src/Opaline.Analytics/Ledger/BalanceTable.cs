using System.Data.Common;
using System.Globalization;
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

    /// <summary>
    /// The account's current window: the number of its first day; 0 for an account that is never refilled. A clock that goes back finds the
    /// newest window that was ever charged, so it refills nothing.
    /// </summary>
    public static long Window(DbConnection connection, Account account, DateTime asOf)
    {
        if (account.WindowDays is not { } days)
            return 0;
        object? newest = connection.Scalar(
            $"SELECT window_index FROM ledger_balance WHERE {Account} ORDER BY window_index DESC LIMIT 1", account.Tenant.Value, account.KindText, account.Key);
        long today = PeriodGrid.DayNumber(DateOnly.FromDateTime(asOf));
        return Math.Max(newest is null ? 0 : Convert.ToInt64(newest, CultureInfo.InvariantCulture), today - (today % days));
    }

    /// <summary>The account in its current window; of one with blocks, its most spent block inside <paramref name="blocks"/> (null: of all).</summary>
    public static AccountState State(DbConnection connection, Account account, DateTime asOf, BlockInterval? blocks)
    {
        long window = Window(connection, account, asOf);
        (long nanoRho, long attoDelta) = Spent(connection, account.Tenant, account.KindText, account.Key, Counted(account, window), account.Blocks ? blocks : null);
        return new AccountState(account, window, nanoRho, attoDelta);
    }

    /// <summary>Sum over all windows; of an account with blocks, of its most spent block.</summary>
    public static (long NanoRho, long AttoDelta) Lifetime(DbConnection connection, Account account) =>
        Spent(connection, account.Tenant, account.KindText, account.Key, AllWindows, null);

    /// <summary>What one whole person has paid, over all datasets of a subject scope.</summary>
    public static (long NanoRho, long AttoDelta) Person(DbConnection connection, Tenant tenant, string scope) =>
        Spent(connection, tenant, LedgerTable.ScopeKind, scope, AllWindows, null);

    /// <summary>What the blocks of an account have paid in a window, in order, neighbours that have paid the same together.</summary>
    public static List<BlockTotal> Blocks(DbConnection connection, Account account, long window)
    {
        using DbCommand command = connection.Command(
            $"SELECT block_from, block_to, nano_rho, atto_delta FROM ledger_balance WHERE {Account} AND window_index = @p3 ORDER BY block_from",
            account.Tenant.Value,
            account.KindText,
            account.Key,
            Counted(account, window));
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
        {
            AddWhole(transaction, charge);
            return;
        }

        AddTo(transaction, charge, charge.Window);
        AddTo(transaction, charge, AllWindows);
    }

    // Only datasets have blocks; of the others each total is one row.
    private static void AddWhole(ControlTransaction transaction, LedgerCharge charge) => transaction.Execute(
        """
        INSERT INTO ledger_balance (tenant, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta)
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

    private static void AddTo(ControlTransaction transaction, LedgerCharge charge, long window)
    {
        (string tenant, string kind, string key) = (charge.Tenant.Value, charge.Kind, charge.Key);
        List<BlockInterval> gaps = [];
        long covered = charge.Blocks.From;
        foreach (BlockInterval piece in Pieces(transaction, charge, window))
        {
            if (piece.From < charge.Blocks.From)
                Cut(transaction, charge, window, charge.Blocks.From);
            if (piece.To > charge.Blocks.To)
                Cut(transaction, charge, window, charge.Blocks.To);
            if (piece.From > covered)
                gaps.Add(new BlockInterval(covered, piece.From));
            covered = piece.To;
        }

        if (covered < charge.Blocks.To)
            gaps.Add(new BlockInterval(covered, charge.Blocks.To));
        foreach (BlockInterval gap in gaps)
        {
            transaction.Execute(
                """
                INSERT INTO ledger_balance (tenant, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta)
                VALUES (@p0, @p1, @p2, @p3, @p4, @p5, 0, 0)
                """,
                tenant,
                kind,
                key,
                window,
                gap.From,
                gap.To);
        }

        transaction.Execute(
            $"""
            UPDATE ledger_balance SET
                nano_rho = CASE WHEN nano_rho > @p6 - @p7 THEN @p6 ELSE nano_rho + @p7 END,
                atto_delta = CASE WHEN atto_delta > @p6 - @p8 THEN @p6 ELSE atto_delta + @p8 END
            WHERE {Account} AND window_index = @p3 AND block_from >= @p4 AND block_from < @p5
            """,
            tenant,
            kind,
            key,
            window,
            charge.Blocks.From,
            charge.Blocks.To,
            Most,
            charge.NanoRho,
            charge.AttoDelta);
    }

    private static List<BlockInterval> Pieces(ControlTransaction transaction, LedgerCharge charge, long window)
    {
        using DbCommand command = transaction.Command(
            $"""
            SELECT block_from, block_to FROM ledger_balance
            WHERE {Account} AND window_index = @p3 AND block_from < @p4 AND block_to > @p5 ORDER BY block_from
            """,
            charge.Tenant.Value,
            charge.Kind,
            charge.Key,
            window,
            charge.Blocks.To,
            charge.Blocks.From);
        using DbDataReader reader = command.ExecuteReader();
        List<BlockInterval> pieces = [];
        while (reader.Read())
            pieces.Add(new BlockInterval(reader.GetInt64(0), reader.GetInt64(1)));
        return pieces;
    }

    /// <summary>Makes two pieces of the one that <paramref name="at"/> lies inside.</summary>
    private static void Cut(ControlTransaction transaction, LedgerCharge charge, long window, long at)
    {
        const string Inside = $"{Account} AND window_index = @p3 AND block_from < @p4 AND block_to > @p4";
        transaction.Execute(
            $"""
            INSERT INTO ledger_balance (tenant, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta)
            SELECT tenant, account_kind, account_key, window_index, @p4, block_to, nano_rho, atto_delta FROM ledger_balance WHERE {Inside}
            """,
            charge.Tenant.Value,
            charge.Kind,
            charge.Key,
            window,
            at);
        transaction.Execute($"UPDATE ledger_balance SET block_to = @p4 WHERE {Inside}", charge.Tenant.Value, charge.Kind, charge.Key, window, at);
    }

    private static (long NanoRho, long AttoDelta) Spent(
        DbConnection connection, Tenant tenant, string kind, string key, long window, BlockInterval? blocks)
    {
        using DbCommand command = connection.Command(
            $"""
            SELECT COALESCE(MAX(nano_rho), 0), COALESCE(MAX(atto_delta), 0) FROM ledger_balance
            WHERE {Account} AND window_index = @p3 AND block_from < @p4 AND block_to > @p5
            """,
            tenant.Value,
            kind,
            key,
            window,
            blocks?.To ?? long.MaxValue,
            blocks?.From ?? long.MinValue);
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }

    // An account that is never refilled counts every window that it may have had before.
    private static long Counted(Account account, long window) => account.WindowDays is null ? AllWindows : window;
}
