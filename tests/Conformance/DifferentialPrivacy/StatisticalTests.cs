using System.Buffers;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// The two decisions of google/differential-privacy (StatisticalTestsUtil.java) on two sets of n samples each, a and b being how often each
/// value occurs in them. Samples are integers: multiples of the granularity, or numbers of buckets.
/// </summary>
internal static class StatisticalTests
{
    // Histograms up to this width are arrays; wider ones do not occur with the granularities of the files.
    private const long GreatestWidth = 1L << 27;

    /// <summary>
    /// Whether the samples look as if drawn from laws within (ε, δ), to a tolerance: Σ max(0, (a − e^ε·b)/n) &lt; δ + tolerance, both ways.
    /// </summary>
    public static bool VerifiesDp(ReadOnlySpan<long> left, ReadOnlySpan<long> right, double epsilon, double delta, double tolerance)
    {
        using Histograms counts = new(left, right);
        return VerifiesDp(counts.Left, counts.Right, left.Length, epsilon, delta, tolerance);
    }

    /// <summary>The same from the histograms.</summary>
    public static bool VerifiesDp(
        ReadOnlySpan<int> left, ReadOnlySpan<int> right, int samples, double epsilon, double delta, double tolerance)
    {
        double factor = Math.Exp(epsilon);
        double excess = 0;
        double reverse = 0;
        for (int i = 0; i < left.Length; i++)
        {
            excess += Math.Max(0, left[i] - (factor * right[i]));
            reverse += Math.Max(0, right[i] - (factor * left[i]));
        }
        double allowed = (delta + tolerance) * samples;
        return excess < allowed && reverse < allowed;
    }

    /// <summary>
    /// Whether the samples look as if drawn from laws within an L2 distance of t: ΣC(a, 2) + ΣC(b, 2) − ((n − 1)/n)·Σab &lt; t(n −
    /// 1)·t·n/4.
    /// </summary>
    public static bool VerifiesCloseness(ReadOnlySpan<long> left, ReadOnlySpan<long> right, double tolerance)
    {
        using Histograms counts = new(left, right);
        double samples = left.Length;
        long self = 0;
        long cross = 0;
        for (int i = 0; i < counts.Left.Length; i++)
        {
            long a = counts.Left[i];
            long b = counts.Right[i];
            self += ((a * (a - 1)) + (b * (b - 1))) / 2;
            cross += a * b;
        }
        return self - ((samples - 1) / samples * cross) < tolerance * (samples - 1) * tolerance * samples / 4;
    }

    private readonly ref struct Histograms : IDisposable
    {
        private readonly int[] _left;
        private readonly int[] _right;

        public Histograms(ReadOnlySpan<long> left, ReadOnlySpan<long> right)
        {
            Assert.Equal(left.Length, right.Length);
            (long least, long greatest) = (long.MaxValue, long.MinValue);
            Widen(left, ref least, ref greatest);
            Widen(right, ref least, ref greatest);
            Assert.InRange(greatest - least, 0, GreatestWidth);
            int width = (int)(greatest - least) + 1;
            _left = ArrayPool<int>.Shared.Rent(width);
            _right = ArrayPool<int>.Shared.Rent(width);
            Left = Count(left, least, _left.AsSpan(0, width));
            Right = Count(right, least, _right.AsSpan(0, width));
        }

        public ReadOnlySpan<int> Left { get; }

        public ReadOnlySpan<int> Right { get; }

        public void Dispose()
        {
            ArrayPool<int>.Shared.Return(_left);
            ArrayPool<int>.Shared.Return(_right);
        }

        private static void Widen(ReadOnlySpan<long> samples, ref long least, ref long greatest)
        {
            foreach (long sample in samples)
            {
                least = Math.Min(least, sample);
                greatest = Math.Max(greatest, sample);
            }
        }

        private static Span<int> Count(ReadOnlySpan<long> samples, long least, Span<int> counts)
        {
            counts.Clear();
            foreach (long sample in samples)
                counts[(int)(sample - least)]++;
            return counts;
        }
    }
}
