using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Exact discrete Gaussian noise: P(x) proportional to e^(−x²/(2σ²)) on the integers.
/// <list type="bullet">
/// <item>Input domain: an integer statistic, or a vector of them with independent noise on each.</item>
/// <item>Sensitivity: Δ2, the greatest L2 norm of the change that one privacy unit makes.</item>
/// <item>Privacy loss: ρ-zCDP with ρ = Δ2²/(2σ²), exactly (the paper's theorem 4).</item>
/// <item>Source: Canonne, Kamath, Steinke, The Discrete Gaussian for Differential Privacy (arXiv 2004.00010), algorithm 3.</item>
/// </list>
/// </summary>
public sealed class DiscreteGaussian : IDiscreteNoise
{
    // A draw beyond 64 bits then lies 128 standard deviations out: a chance below e^-8192.
    private const int GreatestVariancePower = 112;

    private readonly BigInteger _n;
    private readonly BigInteger _dt;
    private readonly BigInteger _denominator;
    private readonly ulong _t;
    private readonly bool _narrow;
    private readonly ulong _n64;
    private readonly ulong _dt64;
    private readonly ulong _greatest64;
    private readonly UInt128 _denominator128;
    private readonly GaussianTail _tail;

    /// <summary>Noise of the given parameter.</summary>
    /// <param name="sigmaSquared">σ², exact, in (0, 2^112]; the variance is at most this.</param>
    /// <exception cref="ArgumentOutOfRangeException">σ² lies outside (0, 2^112].</exception>
    public DiscreteGaussian(Rational sigmaSquared)
    {
        Domain.Scale(sigmaSquared, GreatestVariancePower);
        SigmaSquared = sigmaSquared;
        _n = sigmaSquared.Numerator;
        BigInteger d = sigmaSquared.Denominator;
        BigInteger t = IntegerRoot.Floor(sigmaSquared.Floor()) + BigInteger.One; // ⌊σ⌋ + 1, since ⌊√x⌋ = ⌊√⌊x⌋⌋
        _t = (ulong)t;
        _dt = d * t;
        // With Y from the Laplace law of scale t, (|Y| − σ²/t)²/(2σ²) = (|Y|·d·t − n)²/(2·n·d·t²).
        _denominator = 2 * _n * _dt * t;
        _narrow = _n <= Geometric.Greatest && _dt <= Geometric.Greatest && _denominator <= (BigInteger)BernoulliExponential.GreatestDenominator;
        if (_narrow)
        {
            _n64 = (ulong)_n;
            _dt64 = (ulong)_dt;
            _denominator128 = (UInt128)_denominator;
            _greatest64 = (1UL << 63) / _dt64; // up to here the square of |Y|·d·t − n has 126 bits
        }
        _tail = new GaussianTail(sigmaSquared);
    }

    /// <summary>The exact parameter σ².</summary>
    public Rational SigmaSquared { get; }

    /// <inheritdoc/>
    public BigInteger Sample() => Sample(CryptographicBits.OfThread);

    /// <inheritdoc/>
    public void Fill(Span<long> destination) => Fill(destination, CryptographicBits.OfThread);

    /// <inheritdoc/>
    public double UpperTail(long t) => _tail.Upper(t);

    /// <inheritdoc/>
    public long HalfWidth(double alpha) => TailSearch.HalfWidth(_tail.Upper, alpha);

    /// <summary>The noise, or null where σ² is above the range.</summary>
    internal static DiscreteGaussian? IfDrawable(Rational sigmaSquared) =>
        sigmaSquared <= BigInteger.One << GreatestVariancePower ? new(sigmaSquared) : null;

    internal BigInteger Sample(IBitSource bits) => Draw(bits);

    internal void Fill(Span<long> destination, IBitSource bits)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = checked((long)Draw(bits));
    }

    private Int128 Draw(IBitSource bits)
    {
        Int128 candidate;
        do
            candidate = DiscreteLaplace.Draw(bits, _t, 1);
        while (!Accept(bits, (UInt128)Int128.Abs(candidate)));
        return candidate;
    }

    private bool Accept(IBitSource bits, UInt128 magnitude)
    {
        if (_narrow && magnitude <= _greatest64)
        {
            ulong scaled = (ulong)magnitude * _dt64;
            ulong difference = scaled > _n64 ? scaled - _n64 : _n64 - scaled;
            return BernoulliExponential.Draw(bits, Math.BigMul(difference, difference), _denominator128);
        }
        BigInteger exact = ((BigInteger)magnitude * _dt) - _n;
        return BernoulliExponential.Draw(bits, exact * exact, _denominator);
    }
}
