using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Charges plans. All accounts are checked and charged in one transaction of the store's one writer, so that no two calls can spend the same
/// budget; nothing is ever refunded. The audit record of a charge is part of that transaction, so that charges can be replayed from the log.
/// </summary>
internal sealed class Ledger(IControlStore store, Accounts accounts, AuditLog audit, BudgetFeed feed)
{
    private const int NonceBytes = 16;
    private const string OpenOfPlan = "tenant = @p0 AND plan_hash = @p1 AND state = 'open'";

    // A new one is undone with the work that finds an account short.
    private const string OpenVoucher = $"""
        INSERT INTO voucher (tenant, plan_hash, state, nonce, as_of, charged_at)
        SELECT @p0, @p1, 'open', @p2, @p3, @p3 WHERE NOT EXISTS (SELECT 1 FROM voucher WHERE {OpenOfPlan});
        SELECT id, nonce FROM voucher WHERE {OpenOfPlan} ORDER BY id LIMIT 1;

        """;

    /// <summary>
    /// The vouchers under which plans may be released, all or nothing: of each the one that is still open, at no cost, else a new one that every account has paid for.
    /// </summary>
    /// <exception cref="BudgetExhaustedException">An account is short; none was charged for any of them.</exception>
    public async Task<ImmutableArray<Voucher>> ChargeAsync(
        Caller caller, ImmutableArray<QueryPlan> plans, DateTime asOf, CancellationToken cancellationToken)
    {
        ImmutableArray<byte[]> nonces = [.. plans.Select(_ => RandomNumberGenerator.GetBytes(NonceBytes))];
        return await WriteAsync<ImmutableArray<Voucher>>(
            transaction =>
            {
                // A refusal tells how accounts stand before any of them is charged for another.
                ImmutableArray<Payer> payers = plans.Length == 1
                    ? []
                    : [.. Payers(transaction.Connection, caller, plans.Where(p => !IsOpen(transaction.Connection, p)), asOf)];
                return [.. plans.Select((plan, i) => Charge(transaction, caller, plan, asOf, nonces[i], payers))];
            },
            plans,
            cancellationToken);
    }

    /// <summary>Charges for what is paid once and then used any number of times; false if it was paid before, whoever did.</summary>
    /// <param name="caller">Who pays.</param>
    /// <param name="plan">What it costs.</param>
    /// <param name="asOf">The public tick.</param>
    /// <param name="isPaid">Whether it was paid before; looked up in the transaction that charges.</param>
    /// <param name="paid">Notes in that transaction that it is paid.</param>
    /// <param name="cancellationToken">Ends the call; the charge may stay.</param>
    /// <exception cref="BudgetExhaustedException">An account is short; none was charged.</exception>
    public Task<bool> ChargeOnceAsync(
        Caller caller,
        QueryPlan plan,
        DateTime asOf,
        Func<DbConnection, bool> isPaid,
        Action<ControlTransaction, Voucher> paid,
        CancellationToken cancellationToken)
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        return WriteAsync(
            transaction =>
            {
                if (isPaid(transaction.Connection))
                    return false;
                Voucher voucher = Charge(transaction, caller, plan, asOf, nonce, []);
                paid(transaction, voucher);
                return Release(transaction, voucher);
            },
            [plan],
            cancellationToken);
    }

    /// <summary>Marks the voucher as used, in the transaction that stores its release; false if it has been used meanwhile, as it is good for one.</summary>
    public static bool Release(ControlTransaction transaction, Voucher voucher) =>
        transaction.Execute("UPDATE voucher SET state = 'released' WHERE id = @p0 AND state = 'open'", voucher.Id) == 1;

    /// <summary>The plan's accounts as they stand.</summary>
    public Task<ImmutableArray<AccountBalance>> BalancesAsync(Caller caller, QueryPlan plan, DateTime asOf, CancellationToken cancellationToken)
    {
        ImmutableArray<Account> asked = accounts.Of(caller, plan.Source.Datasets);
        List<object?> parameters = [];
        return store.QueryAsync<ImmutableArray<AccountBalance>>(
            BalanceTable.Select(asked, plan.Blocks, parameters), parameters, reader => [.. BalanceTable.Read(reader, asked, asOf).Select(Balance)], cancellationToken);
    }

    /// <summary>An account as it stands.</summary>
    public AccountBalance Balance(AccountState state) => new(
        state.Account.Kind,
        state.Account.Name,
        state.Account.LimitNanoRho,
        state.SpentNanoRho,
        state.Account.LimitAttoDelta,
        state.SpentAttoDelta,
        state.WindowEnds,
        state.LifetimeNanoRho,
        state.LifetimeAttoDelta,
        accounts.EpsilonOf(state.LifetimeNanoRho),
        accounts.EpsilonOf(state.LeftNanoRho));

    /// <summary>
    /// Whether every account holds what plans cost together. Where plans pay different blocks of an account its most spent one stands for all, so that it may
    /// hold a little more than is said here.
    /// </summary>
    public Task<bool> HoldsAsync(Caller caller, ImmutableArray<QueryPlan> plans, DateTime asOf, CancellationToken cancellationToken) =>
        store.ReadAsync(connection => Payers(connection, caller, plans, asOf).All(p => p.Holds), cancellationToken);

    /// <summary>Whether every account holds what a plan costs, and if not, what the question could ask for instead.</summary>
    public static (bool Holds, LargestFit Fit) Fit(ImmutableArray<AccountBalance> balances, QueryPlan plan)
    {
        (long rho, long delta) = (balances.Min(b => b.LeftNanoRho), balances.Min(b => b.LeftAttoDelta));
        return plan.Fits(rho, delta) ? (true, default) : (false, LargestFit.Of(plan, rho, delta));
    }

    private async Task<T> WriteAsync<T>(Func<ControlTransaction, T> work, ImmutableArray<QueryPlan> plans, CancellationToken cancellationToken)
    {
        try
        {
            return await store.WriteAsync(work, cancellationToken);
        }
        catch (ShortException refused)
        {
            throw Exhausted(refused.Payers, plans);
        }
    }

    // What plans cost each of their accounts together. Of an account with blocks the most spent one stands for all.
    private IEnumerable<Payer> Payers(DbConnection connection, Caller caller, IEnumerable<QueryPlan> plans, DateTime asOf) =>
        plans
            .SelectMany(p => BalanceTable.States(connection, accounts.Of(caller, p.Source.Datasets), asOf, p.Blocks).Select(s => (State: s, Plan: p)))
            .GroupBy(x => x.State.Account)
            .Select(paying => new Payer(
                paying.First().State with { SpentNanoRho = paying.Max(x => x.State.SpentNanoRho), SpentAttoDelta = paying.Max(x => x.State.SpentAttoDelta) },
                paying.Sum(x => x.Plan.Cost.Value),
                paying.Sum(x => x.Plan.AttoDelta)));

    private static bool IsOpen(DbConnection connection, QueryPlan plan) => connection.Scalar(
        $"SELECT 1 FROM voucher WHERE {OpenOfPlan}", plan.Dataset.Tenant.Value, plan.Hash.ToArray()) is not null;

    // The open voucher of the plan; where there is none, a new one that every account pays for.
    private Voucher Charge(
        ControlTransaction transaction, Caller caller, QueryPlan plan, DateTime asOf, byte[] nonce, ImmutableArray<Payer> together)
    {
        ImmutableArray<Account> paying = accounts.Of(caller, plan.Source.Datasets);
        List<object?> parameters = [plan.Dataset.Tenant.Value, plan.Hash.ToArray(), nonce, UnixMicros.From(asOf)];
        (Voucher voucher, ImmutableArray<AccountState> payers) = transaction.Connection.Query(
            OpenVoucher + BalanceTable.Select(paying, plan.Blocks, parameters),
            parameters,
            reader =>
            {
                reader.Read();
                byte[] found = (byte[])reader.GetValue(1);
                Voucher open = new(reader.GetInt64(0), [.. found], found.AsSpan().SequenceEqual(nonce));
                reader.NextResult();
                return (open, BalanceTable.Read(reader, paying, asOf));
            });
        if (!voucher.IsNew)
            return voucher;
        if (!payers.All(s => s.Holds(plan)))
            throw new ShortException(together.IsEmpty ? [.. Payers(transaction.Connection, caller, [plan], asOf)] : together);
        foreach (AccountState payer in payers)
            LedgerTable.Add(transaction, payer, plan, asOf, voucher.Id);
        LedgerTable.AddPerson(transaction, plan, asOf, voucher.Id);
        audit.Enqueue(transaction, QueryRecords.Charge(caller, plan, voucher.Id));
        transaction.OnCommitted(() => feed.Publish(payers));
        return voucher;
    }

    // Charges depend on plans and public ticks alone, so this may be told.
    private BudgetExhaustedException Exhausted(ImmutableArray<Payer> payers, ImmutableArray<QueryPlan> plans)
    {
        ImmutableArray<Payer> shorts = [.. payers.Where(p => !p.Holds)];
        AccountBalance balance = Balance(shorts[0].State);
        long left = payers.Min(p => p.State.LeftNanoRho);
        // Of several questions, whose epsilons may differ, no one number is the largest.
        LargestFit? fit = plans is [{ } plan] ? LargestFit.Of(plan, left, payers.Min(p => p.State.LeftAttoDelta)) : null;
        DateTime? moreAt = shorts.Any(p => p.State.WindowEnds is null) ? null : shorts.Max(p => p.State.WindowEnds);
        return new BudgetExhaustedException(Detail(balance, shorts[0], fit, moreAt), balance, shorts[0].NanoRho)
        {
            LargestNanoRho = left,
            LargestEpsilon = fit?.Epsilon,
            LargestDelta = fit?.Delta,
            MoreAt = moreAt,
        };
    }

    private static string Detail(AccountBalance balance, Payer payer, LargestFit? fit, DateTime? moreAt)
    {
        string account = balance.Kind switch
        {
            AccountKind.Dataset => "dataset",
            AccountKind.Department => "department",
            AccountKind.Principal => "caller",
            _ => throw new ArgumentOutOfRangeException(nameof(balance)),
        };
        string needs = fit is null ? "the batch needs, all its new queries together," : "the query needs";
        bool delta = payer.NanoRho <= balance.LeftNanoRho;
        string left = delta
            ? string.Create(CultureInfo.InvariantCulture, $"δ = {balance.LeftAttoDelta / 1e18:0.###e+0} for key selection is left and {needs} {payer.AttoDelta / 1e18:0.###e+0}")
            : string.Create(CultureInfo.InvariantCulture, $"ρ = {balance.LeftNanoRho / 1e9:0.#########} (ε {balance.LeftEpsilon:0.###}) is left and {needs} ρ = {payer.NanoRho / 1e9:0.#########}");
        string more = moreAt is { } end ? $"More comes on {RangeEdgeText.Write(end)}." : "An account that is short is not refilled.";
        string instead = fit switch
        {
            null => "Ask for fewer of them, with a smaller \"epsilon\", or for answers that were released before.",
            { Epsilon: null } => "No epsilon fits before that; ask for an answer that was released before.",
            { Delta: { } share } => string.Create(
                CultureInfo.InvariantCulture, $"Ask with \"epsilon\": {fit.Value.Epsilon} and \"delta\": {share}, which fit now, or for an answer that was released before."),
            _ => string.Create(CultureInfo.InvariantCulture, $"Ask with \"epsilon\": {fit.Value.Epsilon}, which fits now, or for an answer that was released before."),
        };
        return $"The budget of the {account} \"{balance.Name}\" does not suffice: {left}. {more} {instead}";
    }

    // An account and what it is to pay for plans together.
    private readonly record struct Payer(AccountState State, long NanoRho, long AttoDelta)
    {
        public bool Holds => NanoRho <= State.LeftNanoRho && AttoDelta <= State.LeftAttoDelta;
    }

    // Undoes the whole work, with what it charged for the plans before. It tells what the writer saw: readers may be a commit behind.
    private sealed class ShortException(ImmutableArray<Payer> payers) : Exception
    {
        public ImmutableArray<Payer> Payers { get; } = payers;
    }
}
