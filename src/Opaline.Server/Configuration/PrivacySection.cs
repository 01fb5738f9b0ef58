using Opaline.Analytics;

namespace Opaline.Server.Configuration;

/// <summary>What a query spends that does not say so itself.</summary>
internal sealed class PrivacySection
{
    internal const string DeltaRule = "must be a number from 1e-15 to 1e-3: δ is the chance that the guarantee fails altogether; 1e-6 is a good start.";

    /// <summary>ε of a query that names neither ε nor an error.</summary>
    public double DefaultEpsilon { get; init; } = 1.0;

    /// <summary>δ at which ε is told and converted.</summary>
    public double DefaultDelta { get; init; } = 1e-6;

    internal void Check(Faults faults)
    {
        faults.Require(
            QueryLimits.IsDefaultEpsilon(DefaultEpsilon),
            nameof(DefaultEpsilon),
            "must be a number from 0.000001 to 20; 1.0 is a good start, 0.1 is strict.");
        faults.Require(QueryLimits.IsDelta(DefaultDelta), nameof(DefaultDelta), DeltaRule);
    }
}
