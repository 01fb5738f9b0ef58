using System.Data.Common;

namespace Opaline.Analytics;

/// <summary>How long an account holds if it goes on being spent as in its window so far. Made of charges and public ticks alone.</summary>
/// <param name="NanoRhoPerDay">ρ in billionths that the window has spent per day, over at least one day, rounded up.</param>
/// <param name="Ends">When nothing would be left, UTC; null if it lasts until the next refill, or for more than a hundred years.</param>
public sealed record BudgetForecast(long NanoRhoPerDay, DateTime? Ends)
{
    private const double LongestDays = 36_525;

    internal static BudgetForecast Of(DbConnection connection, AccountState state, DateTime asOf)
    {
        if (state.SpentNanoRho == 0)
            return new BudgetForecast(0, null);
        // An account that is never refilled has been spent since its first charge.
        DateTime since = state.Account.WindowDays is null
            ? LedgerTable.FirstCharge(connection, state.Account) ?? asOf
            : DateTime.UnixEpoch.AddDays(state.Window);
        double perDay = state.SpentNanoRho / Math.Max(1, (asOf - since).TotalDays);
        double days = state.LeftNanoRho / perDay;
        DateTime? ends = days > LongestDays ? null : asOf.AddDays(days);
        return new BudgetForecast((long)Math.Ceiling(perDay), ends < (state.WindowEnds ?? DateTime.MaxValue) ? ends : null);
    }
}
