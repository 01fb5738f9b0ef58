using System.Data.Common;
using System.Globalization;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Charges. They are only ever added. A window is known by the number of its first day, so that a window of another length begins after the
/// last one that was charged, and a clock that goes back refills nothing. What was charged in windows before it is in the lifetime sum alone, so
/// a change of the length refills at most once.
/// </summary>
internal static class LedgerTable
{
    private const string ScopeKind = "scope";

    // A whole person's loss beyond this (ρ of 100,000) means nothing any more, and its sums stay inside 64 bits.
    private const long MostPersonNanoRho = 100_000_000_000_000;

    /// <summary>The account's current window: the number of its first day; 0 for an account that is never refilled.</summary>
    public static long Window(DbConnection connection, Account account, DateTime asOf)
    {
        if (account.WindowDays is not { } days)
            return 0;
        long today = PeriodGrid.DayNumber(DateOnly.FromDateTime(asOf));
        long last = Number(connection, "SELECT COALESCE(MAX(window_index), 0) FROM ledger_charge WHERE tenant = @p0 AND account_kind = @p1 AND account_key = @p2", account);
        return Math.Max(last, today - (today % days));
    }

    /// <summary>When the window after this one begins; null if the account is never refilled.</summary>
    public static DateTime? WindowEnd(Account account, long window) => account.WindowDays is { } days ? DateTime.UnixEpoch.AddDays(window + days) : null;

    /// <summary>What the window has paid; of an account with blocks, what its most spent block inside <paramref name="blocks"/> has.</summary>
    public static (long NanoRho, long AttoDelta) Spent(DbConnection connection, Account account, long window, BlockInterval? blocks)
    {
        if (account.Blocks)
        {
            List<BlockCharge> steps = BlockSums(connection, account, window, blocks);
            return (steps.Select(s => s.NanoRho).DefaultIfEmpty().Max(), steps.Select(s => s.AttoDelta).DefaultIfEmpty().Max());
        }

        using DbCommand command = connection.Command(
            """
            SELECT COALESCE(SUM(nano_rho), 0), COALESCE(SUM(atto_delta), 0) FROM ledger_charge
            WHERE tenant = @p0 AND account_kind = @p1 AND account_key = @p2 AND window_index >= @p3
            """,
            account.Tenant.Value,
            account.KindText,
            account.Key,
            FirstWindow(account, window));
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }

    /// <summary>Sum over all windows; of an account with blocks, of its most spent block.</summary>
    public static long Lifetime(DbConnection connection, Account account) => account.Blocks
        ? BlockSums(connection, account, null, null).Select(s => s.NanoRho).DefaultIfEmpty().Max()
        : Number(connection, "SELECT COALESCE(SUM(nano_rho), 0) FROM ledger_charge WHERE tenant = @p0 AND account_kind = @p1 AND account_key = @p2", account);

    /// <summary>What neighbouring blocks have paid, where they have paid anything; all windows if <paramref name="window"/> is null.</summary>
    public static List<BlockCharge> BlockSums(DbConnection connection, Account account, long? window, BlockInterval? blocks)
    {
        using DbCommand command = connection.Command(
            """
            SELECT block_from, block_to, SUM(nano_rho), SUM(atto_delta) FROM ledger_charge
            WHERE tenant = @p0 AND account_kind = @p1 AND account_key = @p2 AND window_index >= @p3 AND block_from < @p4 AND block_to > @p5
            GROUP BY block_from, block_to
            """,
            account.Tenant.Value,
            account.KindText,
            account.Key,
            window is { } index ? FirstWindow(account, index) : long.MinValue,
            blocks?.To ?? long.MaxValue,
            blocks?.From ?? long.MinValue);
        using DbDataReader reader = command.ExecuteReader();
        SortedDictionary<long, (long NanoRho, long AttoDelta)> changes = [];
        while (reader.Read())
        {
            Change(reader.GetInt64(0), reader.GetInt64(2), reader.GetInt64(3));
            Change(reader.GetInt64(1), -reader.GetInt64(2), -reader.GetInt64(3));
        }

        List<BlockCharge> sums = [];
        (long rho, long delta, long from) = (0, 0, 0);
        foreach ((long at, (long NanoRho, long AttoDelta) change) in changes)
        {
            if (rho > 0 || delta > 0)
                sums.Add(new BlockCharge(new BlockInterval(from, at), rho, delta));
            (rho, delta, from) = (rho + change.NanoRho, delta + change.AttoDelta, at);
        }

        return blocks is { } inside ? [.. sums.Where(s => s.Blocks.From < inside.To && s.Blocks.To > inside.From)] : sums;

        void Change(long at, long nanoRho, long attoDelta)
        {
            changes.TryGetValue(at, out (long NanoRho, long AttoDelta) sum);
            changes[at] = (sum.NanoRho + nanoRho, sum.AttoDelta + attoDelta);
        }
    }

    /// <summary>Adds a charge.</summary>
    public static void Add(ControlTransaction transaction, Account account, long window, QueryPlan plan, DateTime asOf, long voucher) => Add(
        transaction, plan, account.Tenant, account.KindText, account.Key, window, account.Blocks ? plan.Blocks : BlockInterval.Whole, plan.Cost.Value, asOf, voucher);

    /// <summary>Adds what the plan costs a whole person, over all blocks, to the tally of the subject scope. It has no limit; it is there to be shown.</summary>
    public static void AddPerson(ControlTransaction transaction, QueryPlan plan, DateTime asOf, long voucher)
    {
        // (Σ√ρ)² where a cell meets several units of the person, Σρ where none does.
        long factor = plan.Nesting.Spans ? checked(plan.Blocks.Count * plan.Blocks.Count) : plan.Blocks.Count;
        long loss = plan.Cost.Value > MostPersonNanoRho / factor ? MostPersonNanoRho : plan.Cost.Value * factor;
        Add(transaction, plan, plan.Dataset.Tenant, ScopeKind, plan.Dataset.SubjectScope, 0, BlockInterval.Whole, loss, asOf, voucher);
    }

    /// <summary>The tally of a subject scope.</summary>
    public static long Person(DbConnection connection, Tenant tenant, string scope) => Convert.ToInt64(
        connection.Scalar("SELECT COALESCE(SUM(nano_rho), 0) FROM ledger_charge WHERE tenant = @p0 AND account_kind = @p1 AND account_key = @p2", tenant.Value, ScopeKind, scope),
        CultureInfo.InvariantCulture);

    private static void Add(
        ControlTransaction transaction, QueryPlan plan, Tenant tenant, string kind, string key, long window, BlockInterval blocks, long nanoRho, DateTime asOf, long voucher) =>
        transaction.Execute(
            """
            INSERT INTO ledger_charge
                (tenant, plan_hash, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta, charged_at, voucher_id)
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
            """,
            tenant.Value,
            plan.Hash.ToArray(),
            kind,
            key,
            window,
            blocks.From,
            blocks.To,
            nanoRho,
            (long)plan.DeltaCost.Value,
            UnixMicros.From(asOf),
            voucher);

    // An account that is never refilled counts every window that it may have had before.
    private static long FirstWindow(Account account, long window) => account.WindowDays is null ? long.MinValue : window;

    private static long Number(DbConnection connection, string sql, Account account) => Convert.ToInt64(
        connection.Scalar(sql, account.Tenant.Value, account.KindText, account.Key), CultureInfo.InvariantCulture);
}
