using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Exact discrete Laplace noise: P(x) = (1 − a)/(1 + a)·a^|x| on the integers, a = e^(−1/s).
/// <list type="bullet">
/// <item>Input domain: an integer statistic.</item>
/// <item>Sensitivity: Δ1, the most that one privacy unit changes it (the sum of changes over all values released with it).</item>
/// <item>Privacy loss: pure ε-DP with ε = Δ1/s, hence ρ-zCDP with ρ = ε²/2 (Bun and Steinke 2016, proposition 1.4).</item>
/// <item>Source: Canonne, Kamath, Steinke, The Discrete Gaussian for Differential Privacy (arXiv 2004.00010), algorithm 2.</item>
/// </list>
/// </summary>
public sealed class DiscreteLaplace : IDiscreteNoise
{
    // A draw beyond 64 bits then has a chance of e^-8192.
    private const int GreatestScalePower = 50;

    private readonly BigInteger _p;
    private readonly BigInteger _q;
    private readonly ulong _p64;
    private readonly ulong _q64;
    private readonly bool _narrow;
    private readonly LaplaceTail _tail;

    /// <summary>Noise of the given scale.</summary>
    /// <param name="scale">s, exact, in (0, 2^50].</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale lies outside (0, 2^50].</exception>
    public DiscreteLaplace(Rational scale)
    {
        Domain.Scale(scale, GreatestScalePower);
        Scale = scale;
        _p = scale.Numerator;
        _q = scale.Denominator;
        _narrow = _p <= Geometric.Greatest && _q <= Geometric.Greatest;
        if (_narrow)
            (_p64, _q64) = ((ulong)_p, (ulong)_q);
        _tail = new LaplaceTail(scale);
    }

    /// <summary>The exact scale s.</summary>
    public Rational Scale { get; }

    /// <inheritdoc/>
    public BigInteger Sample() => Sample(CryptographicBits.OfThread);

    /// <inheritdoc/>
    public void Fill(Span<long> destination) => Fill(destination, CryptographicBits.OfThread);

    /// <inheritdoc/>
    public double UpperTail(long t) => _tail.Upper(t);

    /// <inheritdoc/>
    public long HalfWidth(double alpha) => TailSearch.HalfWidth(_tail.Upper, alpha);

    /// <summary>The noise, or null where the scale is above the range.</summary>
    internal static DiscreteLaplace? IfDrawable(Rational scale) =>
        scale <= BigInteger.One << GreatestScalePower ? new(scale) : null;

    internal BigInteger Sample(IBitSource bits) => _narrow ? (BigInteger)Draw(bits, _p64, _q64) : Draw(bits, _p, _q);

    internal void Fill(Span<long> destination, IBitSource bits)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = _narrow ? checked((long)Draw(bits, _p64, _q64)) : (long)Draw(bits, _p, _q);
    }

    /// <summary>A draw of scale p/q, both from 1 to <see cref="Geometric.Greatest"/>.</summary>
    internal static Int128 Draw(IBitSource bits, ulong p, ulong q)
    {
        while (true)
        {
            bool negative = bits.Next(1) == 1;
            UInt128 magnitude = Geometric.Draw(bits, q, p);
            if (!negative)
                return (Int128)magnitude;
            if (magnitude != 0)
                return -(Int128)magnitude; // a negative zero is drawn again, or 0 would count twice
        }
    }

    private static BigInteger Draw(IBitSource bits, BigInteger p, BigInteger q)
    {
        while (true)
        {
            bool negative = bits.Next(1) == 1;
            BigInteger magnitude = Geometric.Draw(bits, q, p);
            if (!negative)
                return magnitude;
            if (!magnitude.IsZero)
                return -magnitude;
        }
    }
}
