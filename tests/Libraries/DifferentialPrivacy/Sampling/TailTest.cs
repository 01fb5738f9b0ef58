using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

/// <summary>How many draws lie in the tails of a law that hold about a thousandth of it.</summary>
internal static class TailTest
{
    private const int Draws = 2_000_000;

    // A false alarm has a chance below 2·e^-23 < 3e-10.
    private const double Threshold = 23;

    /// <summary>
    /// Whether the number of draws beyond the law's half-width at 1e-3 is too far from what the law expects: Bernstein's bound for a
    /// deviation x from λ is e^(−x²/(2(λ + x/3))) on each side.
    /// </summary>
    public static bool Rejects(IDiscreteNoise law, IDiscreteNoise drawn)
    {
        long halfWidth = law.HalfWidth(1e-3);
        return Rejects(2 * law.UpperTail(halfWidth + 1), x => Math.Abs(x) > halfWidth, drawn.Fill);
    }

    /// <summary>The same for any tail: its chance, what lies in it, and the draws.</summary>
    public static bool Rejects(double chance, Func<long, bool> beyond, FillDraws fill)
    {
        long[] draws = new long[Draws];
        fill(draws);
        double expected = Draws * chance;
        double deviation = Math.Abs(draws.Count(beyond) - expected);
        return deviation * deviation / (2 * (expected + (deviation / 3))) > Threshold;
    }

    /// <summary>Fills with independent draws.</summary>
    public delegate void FillDraws(Span<long> draws);
}
