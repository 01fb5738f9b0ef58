using System.Collections.Immutable;
using System.Threading.Channels;
using Opaline.Access;

namespace Opaline.Analytics;

/// <summary>One who watches accounts: of the tenant's datasets, of the caller's department, and the caller's own; of nobody else.</summary>
internal sealed class BudgetWatch(Caller caller, Action<BudgetWatch> forget) : IDisposable
{
    private readonly Lock _lock = new();

    // One signal for whatever waits: however slow the watcher, it costs no more than its accounts.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<(AccountKind Kind, string Key)> _charged = [];

    /// <summary>Takes up those that the caller may see.</summary>
    public void Offer(ImmutableArray<AccountState> charged)
    {
        bool any = false;
        lock (_lock)
        {
            foreach (AccountState state in charged)
                any |= Sees(state.Account) && _charged.Add((state.Account.Kind, state.Account.Key));
        }

        if (any)
            _signal.Writer.TryWrite(true);
    }

    /// <summary>The accounts that were charged since the last time, as soon as there is one; empty if there is none within <paramref name="patience"/>.</summary>
    public async Task<IReadOnlySet<(AccountKind Kind, string Key)>> NextAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await _signal.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HashSet<(AccountKind, string)>();
        }

        lock (_lock)
        {
            HashSet<(AccountKind Kind, string Key)> charged = _charged;
            _charged = [];
            return charged;
        }
    }

    public void Dispose() => forget(this);

    private bool Sees(Account account) => account.Tenant == caller.Tenant && account.Kind switch
    {
        AccountKind.Dataset => true,
        AccountKind.Department => account.Key == caller.Department,
        AccountKind.Principal => account.Key == caller.Id,
        _ => false,
    };
}
