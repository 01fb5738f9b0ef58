using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Auditing;

/// <summary>
/// The mechanisms of the DP-Sniper evaluation (Bichsel et al., S&amp;P 2021) at a nominal ε of 0.1, written anew from the papers
/// that define them: report noisy max from Ding et al., Detecting Violations of Differential Privacy (CCS 2018), algorithms 5 to 8; sparse
/// vector from Lyu, Su, Li, Understanding the Sparse Vector Technique (VLDB 2017), algorithms 1 to 6 with one positive answer; prefix sums
/// from Wang et al., Proving Differential Privacy with Shadow Execution (PLDI 2019). All noise is the library's own, exact on a grid, but
/// where the floating point is the bug.
/// </summary>
internal static class KnownMechanisms
{
    private const double Aborted = double.NaN;
    private const double Below = double.NegativeInfinity;

    /// <summary>Adds noise of the scale n/d to each input.</summary>
    public static AuditedMechanism<int[]> Additive(int n, int d = 1) => (input, outputs) =>
    {
        AuditedNoise noise = AuditedNoise.Laplace(n, d);
        for (int at = 0; at < outputs.Length; at += input.Length)
        {
            for (int i = 0; i < input.Length; i++)
                outputs[at + i] = input[i] + ((double)noise.Next() / AuditedNoise.Grid);
        }
    };

    /// <summary>Sums of the first inputs, each with its own noise of scale 10.</summary>
    public static void PrefixSum(int[] input, Span<double> outputs)
    {
        AuditedNoise noise = AuditedNoise.Laplace(10);
        for (int at = 0; at < outputs.Length; at += input.Length)
        {
            double sum = 0;
            for (int i = 0; i < input.Length; i++)
            {
                sum += input[i] + ((double)noise.Next() / AuditedNoise.Grid);
                outputs[at + i] = sum;
            }
        }
    }

    /// <summary>The greatest of the inputs with noise of scale 20: which it is, or (the bug) how great it is.</summary>
    public static AuditedMechanism<int[]> NoisyMax(Func<int, AuditedNoise> law, bool revealsValue) => (input, outputs) =>
    {
        AuditedNoise noise = law(20);
        for (int run = 0; run < outputs.Length; run++)
        {
            int best = 0;
            long greatest = long.MinValue;
            for (int i = 0; i < input.Length; i++)
            {
                long noisy = (input[i] * AuditedNoise.Grid) + noise.Next();
                if (noisy > greatest)
                    (best, greatest) = (i, noisy);
            }
            outputs[run] = revealsValue ? (double)greatest / AuditedNoise.Grid : best;
        }
    };

    /// <summary>
    /// Sparse vector with one positive answer: scales of the noise of the threshold and of the queries (0 for none), whether the noisy
    /// value is shown, and whether it stops. With one positive answer, algorithm 2's fresh threshold noise comes too late to matter.
    /// </summary>
    public static AuditedMechanism<int[]> SparseVector(
        double threshold, int thresholdScale, (int N, int D) queryScale, bool revealsValue = false, bool stops = true) =>
        (input, outputs) =>
        {
            AuditedNoise ofThreshold = AuditedNoise.Laplace(thresholdScale);
            AuditedNoise? ofQueries = queryScale.N == 0 ? null : AuditedNoise.Laplace(queryScale.N, queryScale.D);
            long level = (long)(threshold * AuditedNoise.Grid);
            for (int at = 0; at < outputs.Length; at += input.Length)
            {
                Span<double> run = outputs.Slice(at, input.Length);
                run.Fill(Aborted);
                long noisyThreshold = level + ofThreshold.Next();
                for (int i = 0; i < input.Length; i++)
                {
                    long noisy = (input[i] * AuditedNoise.Grid) + (ofQueries?.Next() ?? 0);
                    bool above = noisy >= noisyThreshold;
                    run[i] = !above ? Below : revealsValue ? (double)noisy / AuditedNoise.Grid : 1;
                    if (above && stops)
                        break;
                }
            }
        };

    /// <summary>
    /// The geometric mechanism on 0 … 5 by its distribution function (Balcer, Vadhan, Differential Privacy on Finite Computers, arXiv
    /// 1709.05396, algorithm 4.8), whose chances are rational: a nominal 0.1 is rounded to ln(1 + 2^-3).
    /// </summary>
    public static void TruncatedGeometricCount(int[] input, Span<double> outputs)
    {
        const int Greatest = 5;
        const int K = 3;
        long total = ((1 << (K + 1)) + 1) * Power((1 << K) + 1, Greatest - 1);
        long[] cumulative = new long[Greatest + 1];
        for (int z = 0; z < Greatest; z++)
        {
            int away = z < input[0] ? input[0] - z : z - input[0] + 1;
            long tail = Power(1 << K, away) * Power((1 << K) + 1, Greatest - away);
            cumulative[z] = z < input[0] ? tail : total - tail;
        }
        cumulative[Greatest] = total;
        for (int run = 0; run < outputs.Length; run++)
        {
            long u = 1 + (long)Uniform.Below(CryptographicBits.OfThread, (ulong)total);
            int z = 0;
            while (cumulative[z] < u)
                z++;
            outputs[run] = z;
        }
    }

    /// <summary>The textbook's a ± b·ln U in doubles, scale 10.</summary>
    public static void FloatLaplace(int[] input, Span<double> outputs)
    {
        for (int run = 0; run < outputs.Length; run++)
            outputs[run] = input[0] + (10 * FloatNoise());
    }

    /// <summary>The same, snapped (Mironov 2012): bound 100, and Λ = 16 the least power of 2 not below the scale.</summary>
    public static void SnappedLaplace(int[] input, Span<double> outputs)
    {
        const double Bound = 100;
        const double Lambda = 16;
        double scale = (1 + (Bound * Math.ScaleB(1, -49))) / 0.1;
        for (int run = 0; run < outputs.Length; run++)
            outputs[run] = Math.Clamp(Math.Round((input[0] + (scale * FloatNoise())) / Lambda) * Lambda, -Bound, Bound);
    }

    private static double FloatNoise()
    {
        CryptographicBits bits = CryptographicBits.OfThread;
        double u = Math.ScaleB(bits.Next(53) + 1.0, -53);
        return bits.Next(1) == 1 ? Math.Log(u) : -Math.Log(u);
    }

    private static long Power(long x, int exponent) => exponent == 0 ? 1 : x * Power(x, exponent - 1);
}
