namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>What a case promises of its samples, and the factors by which the twins of its file are wrong.</summary>
internal sealed record DpTarget(int Samples, double Epsilon, double Delta, double Tolerance, double Distance, double Failure)
{
    public static IReadOnlyList<Claim> Claims { get; } =
        [new("the case", true), new("neighbours too far apart", false), new("failing too often", false)];

    /// <summary>The chance of the failing twin to show that it failed.</summary>
    public double FailureChance => Tolerance * Failure;

    public bool Accepts(ReadOnlySpan<long> left, ReadOnlySpan<long> right) =>
        StatisticalTests.VerifiesDp(left, right, Epsilon, Delta, Tolerance);
}
