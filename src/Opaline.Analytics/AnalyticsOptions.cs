using System.ComponentModel.DataAnnotations;

namespace Opaline.Analytics;

/// <summary>Settings of private answers. There is none that lessens or fixes noise.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>ε of a query that names neither ε nor an error.</summary>
    [Range(1e-6, QueryLimits.MaxEpsilon)]
    public double DefaultEpsilon { get; set; } = 1.0;

    /// <summary>δ of a query that names none, and the δ at which accounts are told as ε.</summary>
    [Range(1e-15, QueryLimits.MaxDelta)]
    public double DefaultDelta { get; set; } = 1e-6;

    /// <summary>Charged answers leave on multiples of this, so that their timing says little.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ReleaseClock { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Budgets.</summary>
    public BudgetsOptions Budgets { get; set; } = new();
}
