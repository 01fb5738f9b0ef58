namespace Opaline.Analytics;

/// <summary>Settings of private answers. There is none that lessens or fixes noise.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>ε of a query that names neither ε nor an error.</summary>
    public double DefaultEpsilon { get; set; } = 1.0;

    /// <summary>δ of a query that names none, and the δ at which accounts are configured and told as ε.</summary>
    public double DefaultDelta { get; set; } = 1e-6;

    /// <summary>Charged answers leave on multiples of this, so that their timing says little.</summary>
    public TimeSpan ReleaseClock { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long the engine may work on what one call asks. Whatever takes longer is the same failure as any other: keep it shorter than the time limit of requests,
    /// which would tell that it was time that ran out.
    /// </summary>
    public TimeSpan EngineLimit { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Budgets.</summary>
    public BudgetsOptions Budgets { get; set; } = new();
}
