namespace Opaline.Client.Contracts;

/// <summary>A budget account in its current window, in ρ (units of 1e-9). Of a dataset with a period unit: its most spent block.</summary>
/// <param name="Kind"><c>dataset</c>, <c>department</c> or <c>principal</c>.</param>
/// <param name="Name">Dataset, department or caller.</param>
/// <param name="LimitNanoRho">What the window holds.</param>
/// <param name="SpentNanoRho">What is spent of it.</param>
/// <param name="LeftNanoRho">What is left.</param>
/// <param name="LeftEpsilon">ε of what is left as one query, at the server's δ.</param>
/// <param name="LimitDelta">δ of key selection that the window holds.</param>
/// <param name="SpentDelta">What is spent of it.</param>
/// <param name="WindowEnds">When the next window begins, UTC; absent if the account is never refilled.</param>
/// <param name="LifetimeNanoRho">Sum over all windows: a refill does not undo what was learnt.</param>
/// <param name="LifetimeDelta">The same of δ of key selection.</param>
/// <param name="LifetimeEpsilon">ε of the lifetime sum, rounded up. What was learnt is within (ε, δ), where δ is the server's and the lifetime's together.</param>
public sealed record AccountDocument(
    string Kind,
    string Name,
    long LimitNanoRho,
    long SpentNanoRho,
    long LeftNanoRho,
    double LeftEpsilon,
    double LimitDelta,
    double SpentDelta,
    DateTime? WindowEnds,
    long LifetimeNanoRho,
    double LifetimeDelta,
    double LifetimeEpsilon)
{
    /// <summary>How long it holds; only in the answer of <c>GET /budget</c>.</summary>
    public ForecastDocument? Forecast { get; init; }

    /// <summary>What was charged on each of the last days on which anything was, in order; only if <c>history_days</c> asks for it.</summary>
    public IReadOnlyList<DaySpendDocument>? History { get; init; }
}
