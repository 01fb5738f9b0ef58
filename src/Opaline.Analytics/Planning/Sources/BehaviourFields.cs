using System.Globalization;

namespace Opaline.Analytics;

/// <summary>Names of the fields of behaviours.</summary>
internal static class BehaviourFields
{
    public const string Step = "step";
    public const string Elapsed = "elapsed";
    public const string Events = "events";
    public const string Minutes = "minutes";
    public const string Period = "period";

    /// <summary>The n-th value of a path, from 1.</summary>
    public static string StepOf(int number) => string.Create(CultureInfo.InvariantCulture, $"step_{number}");
}
