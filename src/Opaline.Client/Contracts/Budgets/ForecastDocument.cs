namespace Opaline.Client.Contracts;

/// <summary>How long an account holds if it goes on being spent as in its window so far.</summary>
/// <param name="NanoRhoPerDay">What the window has spent per day, in ρ (units of 1e-9), over at least one day.</param>
/// <param name="Ends">When nothing would be left, UTC; absent if it lasts until the next refill.</param>
public sealed record ForecastDocument(long NanoRhoPerDay, DateTime? Ends);
