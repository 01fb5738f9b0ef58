using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// δ(ε) of discrete Gaussian noise on one statistic of integer sensitivity Δ:
/// δ = P(X &gt; ⌊εσ²/Δ − Δ/2⌋) − e^ε·P(X &gt; ⌊εσ²/Δ + Δ/2⌋) (Canonne, Kamath, Steinke 2020, theorem 7, for Δ = 1). It is the greatest
/// P(X &gt; t) − e^ε·P(X &gt; t + Δ) over the t, since the ratio of the two laws is monotone; each of these grows with Δ, so a change of
/// less than Δ costs no more.
/// </summary>
internal static class DiscreteGaussianCurve
{
    /// <summary>δ, rounded up by less than 2^−38 of the greater tail.</summary>
    public static double Delta(BigInteger sensitivity, Rational sigmaSquared, double epsilon)
    {
        GaussianTail tail = new(sigmaSquared);
        Rational threshold = (Rational.FromDouble(epsilon) * sigmaSquared / sensitivity) - new Rational(sensitivity, 2);
        BigInteger t = threshold.Floor() + BigInteger.One;
        double logUpper = tail.LogUpper(t);
        double logLower = epsilon + tail.LogUpper(t + sensitivity);
        // Exponents are good to a few units of their terms; where that is much, the one tail is nothing and the other is not subtracted.
        double upper = RoundUp.Loosen(Math.Exp(logUpper + (8 * RoundUp.Unit * Math.Abs(logUpper))) * (1 + RoundUp.Slack));
        double error = RoundUp.Slack + (8 * RoundUp.Unit * (epsilon + Math.Abs(logLower - epsilon)));
        double lower = error < 1 ? RoundDown.Tighten(Math.Exp(logLower) * (1 - error)) : 0;
        return Math.Clamp(RoundUp.Subtract(upper, lower), 0, 1);
    }
}
