namespace Opaline.Server.Configuration;

/// <summary>What a query spends that does not say so itself.</summary>
internal sealed class PrivacySection
{
    /// <summary>The largest δ that anything may be configured or asked with.</summary>
    public const double LargestDelta = 1e-3;

    /// <summary>ε of a query that names neither ε nor an error.</summary>
    public double DefaultEpsilon { get; init; } = 1.0;

    /// <summary>δ at which ε is told and converted.</summary>
    public double DefaultDelta { get; init; } = 1e-6;

    internal void Check(Faults faults)
    {
        faults.Require(
            double.IsFinite(DefaultEpsilon) && DefaultEpsilon is > 0 and <= 20,
            nameof(DefaultEpsilon),
            "must be a number above 0 and at most 20; 1.0 is a good start, 0.1 is strict.");
        faults.Require(IsDelta(DefaultDelta), nameof(DefaultDelta), DeltaRule);
    }

    internal const string DeltaRule = "must be a number above 0 and at most 1e-3: δ is the chance that the guarantee fails altogether; 1e-6 is a good start.";

    internal static bool IsDelta(double delta) => double.IsFinite(delta) && delta is > 0 and <= LargestDelta;
}
