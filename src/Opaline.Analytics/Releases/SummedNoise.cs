using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>
/// The half-widths of weighted sums of independent noises, in steps, each made once: they depend on laws and weights alone, which are public. Thread-safe,
/// and bounded: the oldest is forgotten first.
/// </summary>
internal sealed class SummedNoise
{
    // The law of a longer sum of discrete Laplace noises takes long; Gaussian ones are one Gaussian whatever their number.
    private const int MostLaplaceTerms = 512;

    // About 200 bytes each.
    private const int MostKnown = 16_384;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Terms, double Alpha), BigInteger> _known = [];
    private readonly Queue<(string Terms, double Alpha)> _oldest = new();

    /// <summary>Whether a sum of so many is at hand; by its number and kind alone.</summary>
    public static bool IsPossible(NoiseScale noise, int terms) => noise.Mechanism == NoiseMechanism.DiscreteGaussian || terms <= MostLaplaceTerms;

    /// <summary>The sum of <paramref name="count"/> noises of one scale is above this, in size, with a chance of at most <paramref name="alpha"/>.</summary>
    public BigInteger HalfWidth(NoiseScale scale, int count, double alpha) => count switch
    {
        0 => BigInteger.Zero,
        1 => scale.Law.HalfWidth(alpha),
        _ => HalfWidth([(scale.Law, BigInteger.One)], count, alpha),
    };

    /// <summary>The half-width of a weighted sum of sums of <paramref name="each"/> noises; sums that are alike but for their unit are one.</summary>
    /// <param name="terms">The laws with their weights, none of them 0; at least one.</param>
    /// <param name="each">How many independent noises each term is made of.</param>
    /// <param name="alpha">The chance with which the sum is above it, at most; in [1e-12, 1).</param>
    public BigInteger HalfWidth(IReadOnlyCollection<(IDiscreteNoise Law, BigInteger Weight)> terms, int each, double alpha)
    {
        BigInteger unit = terms.Aggregate(BigInteger.Zero, (common, term) => BigInteger.GreatestCommonDivisor(common, term.Weight));
        (string Terms, double Alpha) key = (Text(terms, unit, each), alpha);
        lock (_lock)
        {
            if (_known.TryGetValue(key, out BigInteger known))
                return known * unit;
        }

        BigInteger half = new SumAccuracy([.. terms.SelectMany(t => Enumerable.Repeat((t.Law, t.Weight / unit), each))], 1 - alpha).HalfWidth;
        lock (_lock)
        {
            if (_known.TryAdd(key, half))
                _oldest.Enqueue(key);
            if (_oldest.Count > MostKnown)
                _known.Remove(_oldest.Dequeue());
        }

        return half * unit;
    }

    // Signs and the order of terms make no difference. A digest, as there may be a thousand terms.
    private static string Text(IEnumerable<(IDiscreteNoise Law, BigInteger Weight)> terms, BigInteger unit, int each)
    {
        IEnumerable<string> texts = terms
            .Select(t => string.Create(CultureInfo.InvariantCulture, $"{Text(t.Law)}*{BigInteger.Abs(t.Weight) / unit}"))
            .Order(StringComparer.Ordinal);
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{each}:{string.Join('+', texts)}"))));
    }

    private static string Text(IDiscreteNoise law) => law switch
    {
        DiscreteGaussian gaussian => $"gaussian {gaussian.SigmaSquared}",
        DiscreteLaplace laplace => $"laplace {laplace.Scale}",
        _ => throw new ArgumentOutOfRangeException(nameof(law)),
    };
}
