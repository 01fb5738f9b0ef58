using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Options;
using Opaline.Access;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>The accounts that a query is charged to, with the configured limits.</summary>
internal sealed class Accounts(IOptions<AnalyticsOptions> options)
{
    private readonly AnalyticsOptions _options = options.Value;
    private readonly ConcurrentDictionary<double, long> _limits = new();

    /// <summary>Those of the datasets, each of which pays in full, then department and principal.</summary>
    public ImmutableArray<Account> Of(Caller caller, IEnumerable<Dataset> datasets) => [.. datasets.Select(Of), .. Of(caller)];

    /// <summary>The dataset's account: the guarantee.</summary>
    public Account Of(Dataset dataset)
    {
        AccountOptions budget = _options.Budgets.Datasets.GetValueOrDefault(dataset.Name) ?? _options.Budgets.Dataset;
        string key = dataset.Id.ToString(CultureInfo.InvariantCulture);
        return Make(dataset.Tenant, AccountKind.Dataset, key, dataset.Name, budget, dataset.Unit != PrivacyUnit.Subject);
    }

    /// <summary>The caller's quotas: of its department and its own.</summary>
    public ImmutableArray<Account> Of(Caller caller)
    {
        BudgetsOptions budgets = _options.Budgets;
        AccountOptions department = budgets.Departments.GetValueOrDefault(caller.Department) ?? budgets.Department;
        AccountOptions principal = budgets.Principals.GetValueOrDefault(caller.Id) ?? budgets.Principal;
        return
        [
            Make(caller.Tenant, AccountKind.Department, caller.Department, caller.Department, department, false),
            Make(caller.Tenant, AccountKind.Principal, caller.Id, caller.Id, principal, false),
        ];
    }

    /// <summary>ε of a ρ at the configured δ, rounded up.</summary>
    public double EpsilonOf(long nanoRho) => nanoRho == 0 ? 0 : Zcdp.EpsilonFor(new NanoRho(nanoRho), _options.DefaultDelta);

    // A limit is rounded down: a window never holds more than was configured.
    private Account Make(Tenant tenant, AccountKind kind, string key, string name, AccountOptions budget, bool blocks) => new(
        tenant,
        kind,
        key,
        name,
        _limits.GetOrAdd(budget.Epsilon, static (epsilon, delta) => Zcdp.RhoFor(epsilon, delta).Value, _options.DefaultDelta),
        (long)Math.Floor(budget.Delta * 1e18),
        budget.WindowDays,
        blocks);
}
