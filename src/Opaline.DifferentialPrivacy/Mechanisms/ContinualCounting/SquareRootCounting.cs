using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A running sum told after every step, by the square root of the matrix of prefix sums: much less noise than the binary tree, for work and
/// memory that grow with the steps taken. The matrix of ones on and below the diagonal is L·L, L constant along diagonals with f₀ = 1,
/// f_k = f_(k−1)·(1 − 1/(2k)); noise goes on L·x, and the sums are computed from it.
/// <list type="bullet">
/// <item>Input domain: one integer for each public step, of any size; later ones may depend on sums already told.</item>
/// <item>Sensitivity: neighbours differ in one step (event level), by at most Δ. The coefficients are taken as integers F_k = ⌊2^p·f_k⌋ and
/// the noise is integer noise on the integers F·x, so no datum is rounded and Δ2² = Δ²·ΣF_k² exactly.</item>
/// <item>Privacy loss: ρ-zCDP with ρ = Δ²·ΣF_k²/(2σ²) for all n sums together. The sums told are computed from F·x + z alone: see
/// <see cref="SquareRootNoise"/>.</item>
/// <item>Source: Fichtenberger, Henzinger, Upadhyay, Constant matters: fine-grained error bound on differentially private continual
/// observation (ICML 2023, arXiv 2202.11205); for values chosen after earlier sums Denisov, McMahan, Rush, Smith, Thakurta (NeurIPS 2022,
/// arXiv 2202.08312), theorem 2.1.</item>
/// </list>
/// </summary>
public sealed class SquareRootCounting
{
    private const long MostSteps = 1 << 20;

    // The coefficients' bits: what their rounding costs in error is below 2·steps/2^p, 1/128 at worst.
    private const int GreatestPrecision = 40;
    private const int LeastPrecision = 28;

    private readonly long[] _coefficients;
    private readonly int _precision;
    private readonly DiscreteGaussian _noise;

    private SquareRootCounting(BigInteger sensitivity, int precision, long[] coefficients, DiscreteGaussian noise)
    {
        _coefficients = coefficients;
        _precision = precision;
        _noise = noise;
        Loss = AdditiveNoise.Gaussian(sensitivity * sensitivity * SumOfSquares(coefficients), noise.SigmaSquared, nameof(sensitivity)).Loss;
    }

    /// <summary>n: how many sums a stream tells.</summary>
    public long Steps => _coefficients.Length;

    /// <summary>The loss of a whole stream, charged when it starts.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The counting of a given loss.</summary>
    /// <param name="steps">n, in [1, 2^20]. All steps of a stream take about n²/2 multiplications.</param>
    /// <param name="sensitivity">Δ, above 0.</param>
    /// <param name="rho">The loss of a whole stream, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the noise would be too wide to
    /// draw.</exception>
    public static SquareRootCounting For(long steps, BigInteger sensitivity, NanoRho rho)
    {
        Domain.Within(steps, 1, MostSteps);
        Domain.Positive(sensitivity);
        Domain.Positive(rho);
        for (int precision = GreatestPrecision; precision >= LeastPrecision; precision--)
        {
            long[] coefficients = SquareRootNoise.Coefficients((int)steps, precision);
            // A whole σ² is above the exact one by less than 2^-18 of it.
            BigInteger sigmaSquared = GaussianScale.For(sensitivity * sensitivity * SumOfSquares(coefficients), rho).Ceiling();
            if (DiscreteGaussian.IfDrawable(sigmaSquared) is { } noise)
                return new SquareRootCounting(sensitivity, precision, coefficients, noise);
        }
        throw new ArgumentOutOfRangeException(
            nameof(sensitivity),
            sensitivity,
            "sensitivity must be so small that a step has noise of at most 2^28: take a coarser unit or a binary tree.");
    }

    /// <summary>A new stream. Each costs the <see cref="Loss"/>.</summary>
    public ContinualSum Start() => Start(CryptographicBits.OfThread);

    /// <summary>
    /// An upper bound, above by less than 2 %, of the variance of the sum told after a step, apart from its rounding to an integer:
    /// σ²·Σ_(k&lt;t) f_k² in units of the data.
    /// </summary>
    /// <param name="step">t, in [1, n].</param>
    /// <exception cref="ArgumentOutOfRangeException">The step lies outside [1, n].</exception>
    public Rational Variance(long step)
    {
        Domain.Within(step, 1, Steps);
        // With F = 2^p·f − e, 0 ≤ e < 2, the decoder of F is that of f times 1/(1 − u), and the entries of u = e/f are below 2·2^-p in
        // size, as those of 1/f are a 1 and negative ones that sum to at least −1. By Young's inequality the decoder's norm is at most that
        // of f over 1 − 2t/2^p.
        BigInteger squares = BigInteger.Zero;
        foreach (long coefficient in _coefficients.AsSpan(0, (int)step))
            squares += ((BigInteger)coefficient + 2) * (coefficient + 2);
        BigInteger grid = BigInteger.One << _precision;
        BigInteger rest = grid - (2 * step);
        return _noise.SigmaSquared * squares / (grid * grid * rest * rest);
    }

    /// <summary>The half-width of the interval around the sum told after a step that holds with the given confidence.</summary>
    /// <param name="step">t, in [1, n].</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public long MarginOfError(long step, double confidence)
    {
        Rational variance = Variance(step);
        return SquareRootNoise.HalfWidth(variance, Domain.AlphaOf(confidence));
    }

    internal ContinualSum Start(IBitSource bits) => new(Steps, new SquareRootNoise(_coefficients, _precision, _noise, bits).Next);

    private static BigInteger SumOfSquares(ReadOnlySpan<long> coefficients)
    {
        BigInteger sum = BigInteger.Zero;
        foreach (long coefficient in coefficients)
            sum += (BigInteger)coefficient * coefficient;
        return sum;
    }
}
