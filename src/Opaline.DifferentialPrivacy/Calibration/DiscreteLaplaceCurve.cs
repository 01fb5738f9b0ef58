using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// δ(ε) of discrete Laplace noise of scale s on one statistic of integer sensitivity Δ. Below ε = Δ/s the best event is X ≤ t with t = ⌊(Δ
/// − εs)/2⌋, as the loss at x in [0, Δ] is (Δ − 2x)/s, and δ = P(X ≤ t) − e^ε·P(X ≤ t − Δ) = ((1 − e^ε·a^(Δ−t)) + a·(1 − a^t))/(1 + a), a =
/// e^(−1/s), a sum of positive terms.
/// </summary>
internal static class DiscreteLaplaceCurve
{
    /// <summary>δ, rounded up.</summary>
    public static double Delta(BigInteger sensitivity, Rational scale, double epsilon)
    {
        Rational exact = Rational.FromDouble(epsilon);
        Rational room = sensitivity - (exact * scale);
        if (room.Sign <= 0)
            return 0;
        BigInteger t = (room / 2).Floor();
        double a = Math.Exp(-(1 / scale).ToDoubleDown());
        double first = -NearOne.ExpMinusOne((exact - ((sensitivity - t) / scale)).ToDoubleDown());
        double second = -NearOne.ExpMinusOne(-(t / scale).ToDoubleUp());
        return Math.Min(1, RoundUp.Loosen((first + (a * second)) / (1 + a)));
    }
}
