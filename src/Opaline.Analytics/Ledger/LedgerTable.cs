using System.Data.Common;
using System.Numerics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Charges. They are only ever added, each together with the totals that it changes (<see cref="BalanceTable"/>). A window is known by the number
/// of its first day, so that a window of another length begins after the last one that was charged, and a clock that goes back refills
/// nothing. What was charged in windows before it is in the lifetime sum alone, so a change of the length refills at most once.
/// </summary>
internal static class LedgerTable
{
    /// <summary>The kind of the tallies of subject scopes.</summary>
    public const string ScopeKind = "scope";

    // A whole person's loss beyond this (ρ of 100,000) means nothing any more.
    private const long MostPersonNanoRho = 100_000_000_000_000;

    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>Adds what a plan costs an account in its current window.</summary>
    public static void Add(ControlTransaction transaction, AccountState payer, QueryPlan plan, DateTime asOf, long voucher)
    {
        Account account = payer.Account;
        LedgerCharge charge = new(
            account.Tenant,
            account.KindText,
            account.Key,
            payer.Window,
            account.Blocks ? plan.Blocks : BlockInterval.Whole,
            plan.Cost.Value,
            plan.AttoDelta);
        Add(transaction, charge, plan, asOf, voucher);
    }

    /// <summary>Adds what the plan costs a whole person, over all blocks, to the tally of the subject scope. It has no limit; it is there to be shown.</summary>
    public static void AddPerson(ControlTransaction transaction, QueryPlan plan, DateTime asOf, long voucher)
    {
        // (Σ√ρ)² where a cell meets several units of the person, Σρ where none does.
        long factor = plan.Nesting.Spans ? checked(plan.Blocks.Count * plan.Blocks.Count) : plan.Blocks.Count;
        long loss = plan.Cost.Value > MostPersonNanoRho / factor ? MostPersonNanoRho : plan.Cost.Value * factor;
        // Each block of the person can be the one whose key was told.
        long delta = (long)BigInteger.Min(BalanceTable.Most, plan.AttoDelta * (BigInteger)plan.Blocks.Count);
        LedgerCharge charge = new(plan.Dataset.Tenant, ScopeKind, plan.Dataset.SubjectScope, 0, BlockInterval.Whole, loss, delta);
        Add(transaction, charge, plan, asOf, voucher);
    }

    /// <summary>When the account was first charged, UTC; null if it never was.</summary>
    public static DateTime? FirstCharge(DbConnection connection, Account account) => connection.Scalar(
        "SELECT charged_at FROM ledger_charge WHERE tenant = @p0 AND account_kind = @p1 AND account_key = @p2 ORDER BY charged_at LIMIT 1",
        account.Tenant.Value,
        account.KindText,
        account.Key) is { } at
        ? UnixMicros.ToDateTime(Convert.ToInt64(at, System.Globalization.CultureInfo.InvariantCulture))
        : null;

    /// <summary>What was charged on each UTC day since <paramref name="from"/> on which anything was, in order.</summary>
    public static List<DaySpend> Days(DbConnection connection, Account account, DateOnly from)
    {
        using DbCommand command = connection.Command(
            $"""
            SELECT charged_at / {MicrosPerDay}, COUNT(*), CAST(SUM(nano_rho) AS BIGINT), CAST(SUM(atto_delta) AS BIGINT) FROM ledger_charge
            WHERE tenant = @p0 AND account_kind = @p1 AND account_key = @p2 AND charged_at >= @p3
            GROUP BY charged_at / {MicrosPerDay} ORDER BY 1
            """,
            account.Tenant.Value,
            account.KindText,
            account.Key,
            PeriodGrid.DayNumber(from) * MicrosPerDay);
        using DbDataReader reader = command.ExecuteReader();
        List<DaySpend> days = [];
        while (reader.Read())
        {
            DateOnly day = DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(reader.GetInt64(0)));
            days.Add(new DaySpend(day, reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return days;
    }

    /// <summary>All charges, one by one: the facts.</summary>
    public static IEnumerable<LedgerCharge> All(DbConnection connection)
    {
        using DbCommand command = connection.Command(
            "SELECT tenant, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta FROM ledger_charge");
        using DbDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new LedgerCharge(
                new Tenant(reader.GetString(0)),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetInt64(3),
                new BlockInterval(reader.GetInt64(4), reader.GetInt64(5)),
                reader.GetInt64(6),
                reader.GetInt64(7));
        }
    }

    private static void Add(ControlTransaction transaction, LedgerCharge charge, QueryPlan plan, DateTime asOf, long voucher)
    {
        transaction.Enqueue(
            """
            INSERT INTO ledger_charge
                (tenant, plan_hash, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta, charged_at, voucher_id)
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
            """,
            charge.Tenant.Value,
            plan.Hash.ToArray(),
            charge.Kind,
            charge.Key,
            charge.Window,
            charge.Blocks.From,
            charge.Blocks.To,
            charge.NanoRho,
            charge.AttoDelta,
            UnixMicros.From(asOf),
            voucher);
        BalanceTable.Add(transaction, charge);
    }
}
