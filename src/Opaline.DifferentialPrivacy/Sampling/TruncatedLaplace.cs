namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Discrete Laplace noise that is never beyond ±b: the law of <see cref="DiscreteLaplace"/> on the condition |X| ≤ b, P(x) proportional to
/// a^|x| on −b … b, a = e^(−1/s).
/// <list type="bullet">
/// <item>Input domain: an integer statistic, or a vector of them with independent noise on each.</item>
/// <item>Sensitivity: Δ1, the most that one privacy unit changes it (the sum of changes over all values released with it), at most
/// b.</item>
/// <item>Privacy loss: (ε, δ)-DP with ε = Δ1/s and δ = P(X &gt; b − Δ1), hence δ-approximate ρ-zCDP with ρ = ε²/2. For one value this δ is
/// exact: of two neighbours' answers, those that only one of them can give have just this chance, the same for both; on the others the
/// conditional chances differ by at most e^ε, as without truncation. For a vector the δ of its values add, and δ(Δ) is convex with δ(0) =
/// 0: their sum is at most δ(Δ1).</item>
/// <item>Source: Geng, Ding, Guo, Kumar, Tight Analysis of Privacy and Utility Tradeoff in Approximate Differential Privacy (AISTATS 2020,
/// arXiv 1810.00877), there for the continuous law.</item>
/// </list>
/// Instances are immutable and may be shared between threads.
/// </summary>
public sealed class TruncatedLaplace
{
    private readonly DiscreteLaplace? _whole;

    /// <summary>Noise of the given scale within ±<paramref name="bound"/>.</summary>
    /// <param name="scale">s of the law without truncation, exact, in (0, 2^50].</param>
    /// <param name="bound">b, from 1 to 2^61.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public TruncatedLaplace(Rational scale, long bound)
    {
        Domain.Scale(scale, DiscreteLaplace.GreatestScalePower);
        Domain.Within(bound, 1, 1L << 61);
        Scale = scale;
        Bound = bound;
        // Whichever is accepted more often: at least with chance 1 − 1/e.
        _whole = scale <= bound ? new DiscreteLaplace(scale) : null;
    }

    /// <summary>The exact scale s.</summary>
    public Rational Scale { get; }

    /// <summary>The greatest magnitude b.</summary>
    public long Bound { get; }

    /// <summary>One draw from the operating system's cryptographic generator.</summary>
    public long Sample() => Draw(DirectBits.OfThread);

    /// <summary>Fills <paramref name="destination"/> with independent draws. The time of a draw depends on the drawn value.</summary>
    public void Fill(Span<long> destination) => Fill(destination, DirectBits.OfThread);

    /// <summary>The loss of adding it to a statistic, both amounts rounded up.</summary>
    /// <param name="sensitivity">Δ1, from 0 to b.</param>
    /// <exception cref="ArgumentOutOfRangeException">Δ1 lies outside its range.</exception>
    /// <exception cref="OverflowException">ρ is above 9.2·10^9.</exception>
    public PrivacyLoss Loss(long sensitivity)
    {
        Domain.Within(sensitivity, 0, Bound);
        if (sensitivity == 0)
            return PrivacyLoss.None;
        return PrivacyLoss.OfPure(sensitivity / Scale) with { Delta = AttoDelta.RoundUp(Delta(sensitivity)) };
    }

    internal void Fill<TBits>(Span<long> destination, TBits bits)
        where TBits : IBitSource
    {
        foreach (ref long draw in destination)
            draw = Draw(bits);
    }

    internal long Draw<TBits>(TBits bits)
        where TBits : IBitSource
    {
        while (true)
        {
            Int128 x = _whole?.Draw(bits) ?? UniformCandidate(bits);
            if (Int128.Abs(x) <= Bound)
                return (long)x;
        }
    }

    // P(X > b − Δ) = a^(b−Δ+1)·(1 − a^Δ)/((1 − a) + 2a·(1 − a^b)), all of whose terms are positive: no digits cancel.
    private double Delta(long sensitivity)
    {
        double above = Power(Bound - sensitivity + 1) * LessThanOne(sensitivity);
        double all = LessThanOne(1) + (2 * Power(1) * LessThanOne(Bound));
        return RoundUp.Loosen(above / all);

        double Power(long k) => Math.Exp(-(k / Scale).ToDoubleDown());
        double LessThanOne(long k) => -NearOne.ExpMinusOne(-(k / Scale).ToDoubleDown());
    }

    private Int128 UniformCandidate<TBits>(TBits bits)
        where TBits : IBitSource
    {
        while (true)
        {
            long x = (long)Uniform.Below(bits, (2 * (ulong)Bound) + 1) - Bound;
            if (BernoulliExponential.Draw(bits, Math.Abs(x) * Scale.Denominator, Scale.Numerator))
                return x;
        }
    }
}
