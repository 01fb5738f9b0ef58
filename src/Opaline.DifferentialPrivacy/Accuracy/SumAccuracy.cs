using System.Collections.Immutable;
using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Confidence intervals of a sum of noisy integers with integer weights; a difference is a sum with the weights 1 and −1. They cover the
/// noise only, not what bounding removed.
/// </summary>
/// <remarks>
/// The law of the sum of the noises is computed, not bounded by variances: each noise is rounded up to a grid (for narrow noises that is the
/// integers, and nothing is lost), which only lengthens its upper tail, and the laws on the grid are convolved with a bound of every error.
/// As the noises are symmetric the lower tail is no longer. One or two different terms have 2^14 points each, of which a wide noise loses
/// about 2^−11 of its standard deviation; more share 2^12, by which a sum of three is at most 1 % too wide, one of eight 5 % and one of thirty 20 %. Where wide
/// Gaussians lose more on the grid than by <see cref="SumBound.Shifted"/>, that is taken, and beyond 32 different terms a closed form alone.
/// <para>
/// Discrete Gaussians of one weight are one of the sum of their variances first, whatever their number. With τ² = σ₁²σ₂²/(σ₁² + σ₂²) a
/// sum of two has at s the mass of that one times Σₓ e^(−(x − c)²/2τ²), for some c, up to a constant; by Poisson's formula this lies
/// within 1 ± 2Σₖ e^(−2π²τ²k²) of √(2π)·τ, and τ² is at least half the least variance. From a variance of 4 on a mass is therefore too
/// small by a factor of at most 1 + 1e-16 a term, which is set aside.
/// </para>
/// </remarks>
public sealed class SumAccuracy
{
    private const double LeastAlpha = 1e-12;
    private const int GridHalf = 1 << 13;
    private const int SharedGridHalf = 1 << 11;
    private const int MostLaws = 32;
    private const int LeastSummedVariance = 4;
    private const double SummedError = 1e-15;

    /// <summary>Prepares the intervals.</summary>
    /// <param name="terms">The independent noises with the weights of their statistics; at least one, no weight 0.</param>
    /// <param name="confidence">In (0, 1 − 1e-12], for example 0.95.</param>
    /// <exception cref="ArgumentException">There are no terms.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is 0, or the confidence lies outside its range.</exception>
    public SumAccuracy(IReadOnlyCollection<(IDiscreteNoise Noise, BigInteger Weight)> terms, double confidence)
    {
        ArgumentNullException.ThrowIfNull(terms);
        Domain.Confidence(confidence);
        double alpha = 1 - confidence;
        if (alpha < LeastAlpha)
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "confidence must be in (0, 1 − 1e-12].");
        if (terms.Count == 0)
            throw new ArgumentException("terms must not be empty.", nameof(terms));
        foreach ((IDiscreteNoise noise, BigInteger weight) in terms)
        {
            ArgumentNullException.ThrowIfNull(noise, nameof(terms));
            Domain.Positive(BigInteger.Abs(weight), nameof(terms));
        }

        List<(IDiscreteNoise Noise, BigInteger Weight, int Count)> summed = Summed(terms);
        int count = summed.Sum(group => group.Count);
        alpha *= 1 - (SummedError * (terms.Count - count));
        if (count == 1)
        {
            // 1 − confidence may have been rounded up to 1, which is no chance to be outside.
            HalfWidth = summed[0].Weight * summed[0].Noise.HalfWidth(Math.Min(alpha, Math.BitDecrement(1.0)));
            return;
        }

        // On the multiples of what all weights have in common.
        BigInteger unit = summed.Aggregate(BigInteger.Zero, (common, group) => BigInteger.GreatestCommonDivisor(common, group.Weight));
        HalfWidth = unit * Sum(summed.ConvertAll(group => (group.Noise, group.Weight / unit, group.Count)), alpha);
    }

    /// <summary>The noise of the sum is above this, in size, with a chance of at most 1 − confidence.</summary>
    public BigInteger HalfWidth { get; }

    /// <summary>The interval of the sum.</summary>
    /// <param name="noisySum">The sum of the noisy statistics times their weights.</param>
    public ConfidenceInterval Interval(BigInteger noisySum) => ConfidenceInterval.Around(noisySum, HalfWidth);

    // Equal noises of one weight once, with their number; of Gaussian ones of one weight a single one.
    private static List<(IDiscreteNoise Noise, BigInteger Weight, int Count)> Summed(IReadOnlyCollection<(IDiscreteNoise Noise, BigInteger Weight)> terms)
    {
        List<(IDiscreteNoise, BigInteger, int)> summed = [];
        foreach (IGrouping<BigInteger, IDiscreteNoise> weight in terms.GroupBy(term => BigInteger.Abs(term.Weight), term => term.Noise))
        {
            Rational variance = 0;
            foreach ((IDiscreteNoise noise, int count) in weight.CountBy(noise => noise))
            {
                if (noise is DiscreteGaussian gaussian && gaussian.SigmaSquared >= LeastSummedVariance)
                    variance += gaussian.SigmaSquared * count;
                else
                    summed.Add((noise, weight.Key, count));
            }

            if (variance.Sign > 0)
                summed.Add((new DiscreteGaussian(variance), weight.Key, 1));
        }

        return summed;
    }

    private static BigInteger Sum(List<(IDiscreteNoise Noise, BigInteger Weight, int Count)> terms, double alpha)
    {
        if (terms.Count > MostLaws && SumBound.Chernoff(terms, alpha) is { } chernoff)
            return SumBound.Shifted(terms, alpha) is { } normal ? BigInteger.Min(normal, chernoff) : chernoff;
        int count = terms.Sum(term => term.Count);
        double cut = alpha / (1 << 20) / count;
        var groups = terms.ConvertAll(term => (term.Noise, term.Weight, Reach: (BigInteger)term.Noise.HalfWidth(cut), term.Count));
        int half = groups.Count <= 2 ? GridHalf : SharedGridHalf / groups.Count;
        BigInteger step = BigInteger.One + (groups.Max(group => group.Weight * group.Reach) / Math.Max(1, half));
        // Rounding up to the grid lengthens the sum by half a step a term.
        if (SumBound.Shift(terms) * 2 <= count * step && SumBound.Shifted(terms, alpha) is { } shifted)
            return shifted;
        ImmutableArray<(LatticeLaw Law, int Count)> laws =
            [.. groups.Select(group => (RoundedUp(group.Noise, group.Weight, group.Reach, step), group.Count))];
        return (Least(laws, alpha - (2 * cut * count)) - BigInteger.One) * step;
    }

    // The law of ⌈weight·X/step⌉ from the upper bounds of the tails of X: differences of tails are masses of a law that lies above it. What
    // is above the reach is left out: the chance of it was set aside.
    private static LatticeLaw RoundedUp(IDiscreteNoise noise, BigInteger weight, BigInteger reach, BigInteger step)
    {
        long last = (long)new Rational(weight * reach, step).Ceiling();
        double[] masses = new double[(2 * last) + 1];
        BigInteger whole = BigInteger.DivRem(step, weight, out BigInteger part);
        // P(⌈weight·X/step⌉ > index) = P(X > bound), where index·step = bound·weight + rest; below every X before the first.
        BigInteger bound = new Rational(-last * step, weight).Floor();
        BigInteger rest = (-last * step) - (bound * weight);
        double above = 1;
        BigInteger before = bound - BigInteger.One;
        for (int i = 0; i < masses.Length; i++)
        {
            if (bound != before)
            {
                double next = bound >= reach ? 0 : bound < -reach ? above : Math.Min(above, noise.UpperTail((long)bound + 1));
                masses[i] = (above - next) * (1 + RoundUp.Slack);
                (above, before) = (next, bound);
            }

            bound += whole;
            rest += part;
            if (rest >= weight)
                (bound, rest) = (bound + BigInteger.One, rest - weight);
        }
        return new LatticeLaw(-last, masses);
    }

    // The least index, at least 1, that the sum reaches with a chance of at most alpha/2.
    private static long Least(ImmutableArray<(LatticeLaw Law, int Count)> laws, double alpha)
    {
        (double mean, double variance) = TiltedSum.Moments(laws, 0);
        TiltedSum sum = new(laws, mean + Math.Sqrt(variance * 2 * Math.Log(2 / alpha)));
        return TailSearch.Least(1, index => 2 * sum.Tail(index, _ => 1) <= alpha);
    }
}
