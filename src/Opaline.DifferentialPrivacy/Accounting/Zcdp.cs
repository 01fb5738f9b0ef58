namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Conversions of zero-concentrated differential privacy (zCDP), all on the careful side: a guarantee is never reported smaller, nor a
/// budget larger, than it is. ρ-zCDP gives (ε, δ)-DP for every order α &gt; 1 with
/// δ = e^((α−1)(αρ − ε))·(1 − 1/α)^α/(α − 1)
/// (Canonne, Kamath, Steinke 2020, corollary 13); any α is valid, so a search that misses the best one by a little only loses a little.
/// </summary>
public static class Zcdp
{
    // Beyond 2^61 nano-ρ (2.3·10^9 ρ) no budget means anything, and the search for one stays within 64 bits.
    private const long Greatest = 1L << 61;

    /// <summary>
    /// The least δ, rounded up, for which <paramref name="rho"/>-zCDP gives (<paramref name="epsilon"/>, δ)-DP.
    /// </summary>
    /// <param name="rho">The loss; for 0 the answer is 0.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is NaN, infinite or negative.</exception>
    public static double DeltaFor(NanoRho rho, double epsilon)
    {
        Domain.NotNegative(epsilon);
        if (rho.Value == 0)
            return 0;
        RenyiOrder order = new(rho.Rho.ToDoubleUp());
        double logDelta = RenyiOrder.Minimize(y => order.LogDelta(y, epsilon));
        return Math.Min(1, RoundUp.Loosen(Math.Exp(logDelta)));
    }

    /// <summary>The least ε, rounded up, for which <paramref name="rho"/>-zCDP gives (ε, <paramref name="delta"/>)-DP.</summary>
    /// <param name="rho">The loss; for 0 the answer is 0.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">δ lies outside (0, 1).</exception>
    public static double EpsilonFor(NanoRho rho, double delta)
    {
        Domain.PositiveDelta(delta);
        if (rho.Value == 0)
            return 0;
        RenyiOrder order = new(rho.Rho.ToDoubleUp());
        double logDelta = Math.Log(delta);
        return Math.Max(0, RenyiOrder.Minimize(y => order.Epsilon(y, logDelta)));
    }

    /// <summary>
    /// The greatest loss that still gives (<paramref name="epsilon"/>, <paramref name="delta"/>)-DP, rounded down; it may be 0.
    /// </summary>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is NaN, infinite, zero or negative, or δ lies outside (0, 1).</exception>
    public static NanoRho RhoFor(double epsilon, double delta)
    {
        Domain.Positive(epsilon);
        Domain.PositiveDelta(delta);
        bool TooMuch(long nanoRho) => nanoRho > Greatest || EpsilonFor(new NanoRho(nanoRho), delta) > epsilon;
        return new NanoRho(TailSearch.Least(1, TooMuch) - 1);
    }

    /// <summary>
    /// The loss ρ = ε²/2 of a purely ε-differentially private mechanism, rounded up (Bun and Steinke 2016, proposition 1.4).
    /// </summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is NaN, infinite, negative or so great that ρ is above 9.2·10^9.</exception>
    public static NanoRho OfPure(double epsilon)
    {
        Domain.NotNegative(epsilon);
        return OfPure(Rational.FromDouble(epsilon));
    }

    /// <summary>
    /// The loss ρ = ε²/2 of a purely ε-differentially private mechanism, rounded up, from the exact ε = Δ1/s of a Laplace scale.
    /// </summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative or so great that ρ is above 9.2·10^9.</exception>
    public static NanoRho OfPure(Rational epsilon)
    {
        if (epsilon.Sign < 0)
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "epsilon must be at least 0.");
        Rational rho = epsilon * epsilon / 2;
        Domain.Countable(rho, epsilon);
        return NanoRho.RoundUp(rho);
    }
}
