using System.Collections.Immutable;
using Opaline.Access;

namespace Opaline.Analytics;

/// <summary>Tells those who watch which accounts were charged, after the charge is durable. It carries names of accounts only; who watches reads them.</summary>
internal sealed class BudgetFeed
{
    private readonly Lock _lock = new();
    private readonly HashSet<BudgetWatch> _watches = [];

    /// <summary>Watches the accounts that a caller may see, from now on, until what is returned is disposed of.</summary>
    public BudgetWatch Watch(Caller caller)
    {
        BudgetWatch watch = new(caller, Forget);
        lock (_lock)
            _watches.Add(watch);
        return watch;
    }

    /// <summary>Passes on that accounts were charged. Never waits and never throws.</summary>
    public void Publish(ImmutableArray<AccountState> charged)
    {
        lock (_lock)
        {
            foreach (BudgetWatch watch in _watches)
                watch.Offer(charged);
        }
    }

    private void Forget(BudgetWatch watch)
    {
        lock (_lock)
            _watches.Remove(watch);
    }
}
