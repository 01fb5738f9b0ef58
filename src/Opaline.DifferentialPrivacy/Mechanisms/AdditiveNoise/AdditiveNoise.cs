using System.Numerics;
using System.Runtime.CompilerServices;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A release of integers by exact noise on each of them.
/// <list type="bullet">
/// <item>Input domain: a vector of integers of any size, of a public length.</item>
/// <item>Sensitivity: Δ2², the greatest squared L2 norm, or Δ1, the greatest L1 norm, of the change that one privacy unit makes to the
/// whole vector. It is above 0: a vector that no unit changes is a public constant and is told without a mechanism.</item>
/// <item>Privacy loss: Gaussian noise ρ-zCDP with ρ = Δ2²/(2σ²); Laplace noise pure ε-DP with ε = Δ1/s, hence ρ = ε²/2.</item>
/// <item>Source: Canonne, Kamath, Steinke, The Discrete Gaussian for Differential Privacy (arXiv 2004.00010), theorem 4 and section
/// 5.</item>
/// </list>
/// Sums are formed in integers without a greatest value: nothing wraps around, saturates or is rounded, whatever the data are.
/// </summary>
public sealed class AdditiveNoise
{
    private AdditiveNoise(IDiscreteNoise law, Rational rho, Rational? epsilon)
    {
        Law = law;
        Loss = new PrivacyLoss(NanoRho.RoundUp(rho), AttoDelta.Zero);
        Epsilon = epsilon;
    }

    /// <summary>The law of the noise on each value, for tails and half-widths.</summary>
    public IDiscreteNoise Law { get; }

    /// <summary>The loss of one release of the whole vector.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The exact ε of Laplace noise; null for Gaussian noise, which is not pure.</summary>
    public Rational? Epsilon { get; }

    /// <summary>Gaussian noise of a given scale.</summary>
    /// <param name="squaredL2Sensitivity">Δ2², exact, above 0.</param>
    /// <param name="sigmaSquared">σ², in (0, 2^112].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the loss is above 9.2·10^9 ρ.</exception>
    public static AdditiveNoise Gaussian(BigInteger squaredL2Sensitivity, Rational sigmaSquared) =>
        Gaussian(squaredL2Sensitivity, sigmaSquared, nameof(squaredL2Sensitivity));

    /// <summary>Gaussian noise of a given loss.</summary>
    /// <param name="squaredL2Sensitivity">Δ2², exact, above 0.</param>
    /// <param name="rho">The loss, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the noise would be too wide to
    /// draw.</exception>
    public static AdditiveNoise GaussianFor(BigInteger squaredL2Sensitivity, NanoRho rho) =>
        GaussianFor(squaredL2Sensitivity, rho, nameof(squaredL2Sensitivity));

    /// <summary>Laplace noise of a given scale.</summary>
    /// <param name="l1Sensitivity">Δ1, above 0.</param>
    /// <param name="scale">s, in (0, 2^50].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the loss is above 9.2·10^9 ρ.</exception>
    public static AdditiveNoise Laplace(BigInteger l1Sensitivity, Rational scale) => Laplace(l1Sensitivity, scale, nameof(l1Sensitivity));

    /// <summary>Laplace noise of a given pure loss.</summary>
    /// <param name="l1Sensitivity">Δ1, above 0.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the noise would be too wide to
    /// draw.</exception>
    public static AdditiveNoise LaplaceFor(BigInteger l1Sensitivity, Rational epsilon) =>
        LaplaceFor(l1Sensitivity, epsilon, nameof(l1Sensitivity));

    /// <summary>The values with independent noise on each.</summary>
    public BigInteger[] Release(ReadOnlySpan<BigInteger> values) => Release(values, CryptographicBits.OfThread);

    /// <summary>The values with independent noise on each.</summary>
    public BigInteger[] Release(ReadOnlySpan<long> values) => Release(values, CryptographicBits.OfThread);

    /// <summary>The value with noise: a vector of length 1.</summary>
    public BigInteger Release(BigInteger value) => Release([value])[0];

    /// <summary>The half-width of the interval around one released value that holds with the given confidence.</summary>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside (0, 1).</exception>
    public long MarginOfError(double confidence) => MarginOfError(confidence, 1);

    /// <summary>
    /// The half-width at which the intervals around all released values hold together. The noises are independent, so each may fail with
    /// chance 1 − confidence^(1/cells): a little more than Bonferroni's (1 − confidence)/cells, and exact.
    /// </summary>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <param name="cells">How many values, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public long MarginOfError(double confidence, int cells)
    {
        double alpha = Domain.AlphaOf(confidence);
        Domain.AtLeastOne(cells);
        return Law.HalfWidth(cells == 1 ? alpha : RoundDown.Tighten(-NearOne.ExpMinusOne(NearOne.LogOnePlus(-alpha) / cells)));
    }

    /// <summary>The interval around one released value that holds the exact one with the given confidence.</summary>
    /// <param name="released">A value of <see cref="Release(BigInteger)"/>.</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside (0, 1).</exception>
    public ConfidenceInterval Interval(BigInteger released, double confidence) =>
        ConfidenceInterval.Around(released, MarginOfError(confidence));

    /// <summary>Noise that the caller chose, at the sensitivity of its statistic: Δ1 counts for Laplace noise, Δ2² for Gaussian.</summary>
    /// <exception cref="ArgumentException">The noise is of a kind whose loss is not known.</exception>
    internal static AdditiveNoise Of(
        IDiscreteNoise law,
        BigInteger l1Sensitivity,
        BigInteger squaredL2Sensitivity,
        [CallerArgumentExpression(nameof(law))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(law, name);
        Rational? epsilon = law is DiscreteLaplace laplace ? l1Sensitivity / laplace.Scale : null;
        Rational rho = law switch
        {
            DiscreteLaplace => epsilon!.Value * epsilon.Value / 2,
            DiscreteGaussian gaussian => squaredL2Sensitivity / (2 * gaussian.SigmaSquared),
            _ => throw new ArgumentException(
                $"{name} must be {nameof(DiscreteLaplace)} or {nameof(DiscreteGaussian)}: the loss of other noise is not known.", name),
        };
        Domain.WideEnough(law, rho, name);
        return new AdditiveNoise(law, rho, epsilon);
    }

    internal static AdditiveNoise Gaussian(BigInteger squaredL2Sensitivity, Rational sigmaSquared, string name)
    {
        Domain.Positive(squaredL2Sensitivity, name);
        DiscreteGaussian law = new(sigmaSquared);
        Rational rho = squaredL2Sensitivity / (2 * sigmaSquared);
        Domain.Countable(rho, squaredL2Sensitivity, name);
        return new AdditiveNoise(law, rho, null);
    }

    internal static AdditiveNoise GaussianFor(BigInteger squaredL2Sensitivity, NanoRho rho, string name)
    {
        Domain.Positive(squaredL2Sensitivity, name);
        Domain.Positive(rho);
        Rational sigmaSquared = GaussianScale.For(squaredL2Sensitivity, rho);
        Domain.Drawable(DiscreteGaussian.IfDrawable(sigmaSquared), squaredL2Sensitivity, name);
        return Gaussian(squaredL2Sensitivity, sigmaSquared, name);
    }

    internal static AdditiveNoise Laplace(BigInteger l1Sensitivity, Rational scale, string name)
    {
        Domain.Positive(l1Sensitivity, name);
        DiscreteLaplace law = new(scale);
        Rational epsilon = l1Sensitivity / scale;
        Rational rho = epsilon * epsilon / 2;
        Domain.Countable(rho, l1Sensitivity, name);
        return new AdditiveNoise(law, rho, epsilon);
    }

    internal static AdditiveNoise LaplaceFor(BigInteger l1Sensitivity, Rational epsilon, string name)
    {
        Domain.Positive(l1Sensitivity, name);
        Domain.Positive(epsilon);
        Rational scale = LaplaceScale.ForPure(l1Sensitivity, epsilon);
        Domain.Drawable(DiscreteLaplace.IfDrawable(scale), l1Sensitivity, name);
        return Laplace(l1Sensitivity, scale, name);
    }

    internal BigInteger Draw(IBitSource bits) =>
        Law is DiscreteLaplace laplace ? laplace.Sample(bits) : ((DiscreteGaussian)Law).Sample(bits);

    /// <summary>Draws for a number of values that is large, all at once.</summary>
    /// <exception cref="OverflowException">A draw is beyond 64 bits; see <see cref="IDiscreteNoise.Fill"/>.</exception>
    internal void Fill(Span<long> destination, IBitSource bits)
    {
        if (Law is DiscreteLaplace laplace)
            laplace.Fill(destination, bits);
        else
            ((DiscreteGaussian)Law).Fill(destination, bits);
    }

    internal BigInteger[] Release(ReadOnlySpan<BigInteger> values, IBitSource bits)
    {
        BigInteger[] released = Draw(values.Length, bits);
        for (int i = 0; i < released.Length; i++)
            released[i] += values[i];
        return released;
    }

    internal BigInteger[] Release(ReadOnlySpan<long> values, IBitSource bits)
    {
        BigInteger[] released = Draw(values.Length, bits);
        for (int i = 0; i < released.Length; i++)
            released[i] += values[i];
        return released;
    }

    // All noise exists before the first value is read: the time of a draw tells the draw, and must not be told apart from the time of the
    // rest.
    private BigInteger[] Draw(int count, IBitSource bits)
    {
        BigInteger[] draws = new BigInteger[count];
        for (int i = 0; i < count; i++)
            draws[i] = Draw(bits);
        return draws;
    }
}
