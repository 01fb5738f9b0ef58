using Opaline.Analytics;
using Opaline.Client.Contracts;

namespace Opaline.Server.Documents;

/// <summary>From accounts to their documents.</summary>
internal static class AccountDocuments
{
    /// <summary>The ledger counts δ in whole units of 1e-18.</summary>
    public static double Delta(long atto) => atto / 1e18;

    public static IReadOnlyList<AccountDocument> Write(IEnumerable<AccountBalance> accounts) => [.. accounts.Select(Write)];

    public static AccountDocument Write(AccountBalance account) => new(
        Words.Of(account.Kind),
        account.Name,
        account.LimitNanoRho,
        account.SpentNanoRho,
        account.LeftNanoRho,
        account.LeftEpsilon,
        Delta(account.LimitAttoDelta),
        Delta(account.SpentAttoDelta),
        account.WindowEnds,
        account.LifetimeNanoRho,
        Delta(account.LifetimeAttoDelta),
        account.LifetimeEpsilon)
    {
        Forecast = account.Forecast is { } forecast ? new ForecastDocument(forecast.NanoRhoPerDay, forecast.Ends) : null,
        History = account.History.IsDefault ? null : [.. account.History.Select(d => new DaySpendDocument(d.Day, d.Charges, d.NanoRho, Delta(d.AttoDelta)))],
    };

    public static BudgetEventDocument Write(BudgetChange change) => new(change.AsOf, change.Account is { } account ? Write(account) : null);

    /// <param name="view">What the caller may see.</param>
    /// <param name="dataset">The only dataset to show, or null for all.</param>
    public static BudgetDocument Write(BudgetView view, string? dataset) => new(
        view.AsOf,
        Write(view.Accounts.Where(a => dataset is null || a.Kind != AccountKind.Dataset || a.Name == dataset)),
        [.. view.Blocks.Where(b => dataset is null || b.Dataset == dataset).Select(b => new BlockSpendDocument(b.Dataset, b.From, b.To, b.SpentNanoRho))],
        [.. view.Scopes.Select(s => new ScopeSpendDocument(s.Scope, s.NanoRho, Delta(s.AttoDelta), s.Epsilon))]);
}
