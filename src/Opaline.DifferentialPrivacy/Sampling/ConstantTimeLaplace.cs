using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Discrete Laplace noise whose time and memory accesses do not depend on the drawn value: always 64 random bits, compared with all of b
/// thresholds without a branch. The law is that of X of <see cref="DiscreteLaplace"/> moved to the nearest of −b … b, with chances rounded
/// to multiples of 2^−64.
/// <list type="bullet">
/// <item>Input domain: an integer statistic.</item>
/// <item>Sensitivity: Δ, the most that one privacy unit changes it.</item>
/// <item>Privacy loss: (ε, δ)-DP with ε = Δ/s and δ = (1 + e^ε)·D, hence δ-approximate ρ-zCDP with ρ = ε²/2 (Kairouz, Oh, Viswanath, The
/// Composition Theorem for Differential Privacy, 2015, arXiv 1311.0776: such a pair of laws is a function of one that is ε-DP but for a
/// chance of δ). D is the total variation distance from the exact law, which is ε-DP: P(S) ≤ P'(S) + D ≤ e^ε·Q'(S) + D ≤ e^ε·(Q(S) + D) +
/// D. It is at most P(|X| &gt; b) + (b + 1)·2^−64: rounding changes the chance of 0 by less than two units and the other 2b by less than
/// one, and half of the sum is the distance.</item>
/// <item>Source: the full scan of cumulative chances is what lattice cryptography does, e.g. Bos et al., Frodo (CCS 2016); cf. OpenDP's
/// ConstantTimeGeometric.</item>
/// </list>
/// Constant time is a property of this code's instructions; the compiler is trusted not to add branches. Instances are immutable and may be
/// shared between threads.
/// </summary>
public sealed class ConstantTimeLaplace
{
    private const int MostThresholds = 1 << 16;

    // A unit in the last place of the exact chance costs far less than the rounding to 2^-64 at this precision.
    private const int Precision = 128;

    // P(X ≥ j), j = 1 … b, in units of 2^-64 and rounded down.
    private readonly ulong[] _tails;

    /// <summary>
    /// Noise of the given scale within ±<paramref name="bound"/>; a draw takes about <paramref name="bound"/> nanoseconds.
    /// </summary>
    /// <param name="scale">s of the exact law, in (0, 2^50].</param>
    /// <param name="bound">b, from 1 to 2^16; 45·s keeps D at what rounding costs.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public ConstantTimeLaplace(Rational scale, int bound)
    {
        DiscreteLaplace exact = new(scale);
        Domain.Within(bound, 1, MostThresholds);
        Scale = scale;
        Distance = RoundUp.Loosen((2 * exact.UpperTail(bound + 1L)) + Math.ScaleB(bound + 1.0, -64));
        BigInteger a = NegativeExponential.Bounds(scale.Denominator, scale.Numerator, Precision).High;
        _tails = [.. Enumerable.Range(1, bound).Select(j => Tail(j * scale.Denominator, scale.Numerator, a))];
    }

    /// <summary>The exact scale s.</summary>
    public Rational Scale { get; }

    /// <summary>The greatest magnitude b.</summary>
    public int Bound => _tails.Length;

    /// <summary>D, the total variation distance from the exact law, rounded up.</summary>
    public double Distance { get; }

    /// <summary>One draw from the operating system's cryptographic generator.</summary>
    public long Sample() => Draw(DirectBits.OfThread);

    /// <summary>Fills <paramref name="destination"/> with independent draws.</summary>
    public void Fill(Span<long> destination)
    {
        DirectBits bits = DirectBits.OfThread;
        foreach (ref long draw in destination)
            draw = Draw(bits);
    }

    /// <summary>The loss of adding it to one statistic, both amounts rounded up.</summary>
    /// <param name="sensitivity">Δ, at least 0, and so small that δ is below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Δ is negative, or δ would be 1 or more.</exception>
    /// <exception cref="OverflowException">ρ is above 9.2·10^9.</exception>
    public PrivacyLoss Loss(long sensitivity)
    {
        Domain.NotNegative(sensitivity);
        if (sensitivity == 0)
            return PrivacyLoss.None;
        Rational epsilon = sensitivity / Scale;
        double delta = RoundUp.Loosen((1 + Math.Exp(epsilon.ToDoubleUp())) * Distance);
        if (!(delta < 1))
            throw new ArgumentOutOfRangeException(nameof(sensitivity), sensitivity, "The sensitivity must keep δ = (1 + e^ε)·D below 1.");
        return PrivacyLoss.OfPure(epsilon) with { Delta = AttoDelta.RoundUp(delta) };
    }

    internal long Draw<TBits>(TBits bits)
        where TBits : IBitSource
    {
        // X ≥ j where the distance of U to 1 is below P(X ≥ j), X ≤ −j where U itself is.
        ulong u = bits.Next(64);
        long x = 0;
        foreach (ulong tail in _tails)
            x += Less(~u, tail) - Less(u, tail);
        return x;
    }

    // 1 if left < right, else 0: the borrow of left − right (Warren, Hacker's Delight, 2nd ed., "Comparison predicates").
    private static long Less(ulong left, ulong right) => (long)(((~left & right) | ((~left | right) & (left - right))) >> 63);

    // a^j/(1 + a) from bounds that are 2 units of 2^-128 apart: less than 2^-64 too low.
    private static ulong Tail(BigInteger n, BigInteger d, BigInteger a) =>
        (ulong)((NegativeExponential.Bounds(n, d, Precision).Low << 64) / ((BigInteger.One << Precision) + a));
}
