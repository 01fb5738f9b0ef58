namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Half-widths of sums of m independent discrete Gaussians of one σ². Completing the square, P(Z + X = z) is the discrete Gaussian weight
/// of the summed σ² times Σ_x e^(−(x − cz)²/(2s²)), which by Poisson's formula is constant in z up to a factor e^(5q), q = e^(−2π²s²) ≤
/// 0.1; adding the k + 1st of equal terms, s² = σ²·k/(k + 1) (Kairouz, Liu, Steinke, The Distributed Discrete Gaussian Mechanism, ICML
/// 2021, arXiv 2102.06387, section 4). So the tail is at most e^τ times that of the discrete Gaussian with mσ², τ = 5·Σ_k e^(−2π²σ²·k/(k +
/// 1)). Where σ is too small for that, each term is bounded.
/// </summary>
internal static class DiscreteGaussianSum
{
    private static readonly Rational s_leastSigmaSquared = new(1, 4);

    public static long HalfWidth(DiscreteGaussian noise, int terms, double alpha)
    {
        long each = checked(terms * noise.HalfWidth(alpha / terms));
        if (terms == 1 || noise.SigmaSquared < s_leastSigmaSquared)
            return each;
        double sigmaSquared = noise.SigmaSquared.ToDoubleDown();
        double tau = 0;
        for (int k = 1; k < terms; k++)
            tau += 5 * RoundUp.Loosen(Math.Exp(-2 * Math.PI * Math.PI * sigmaSquared * k / (k + 1)));
        DiscreteGaussian? sum = DiscreteGaussian.IfDrawable(terms * noise.SigmaSquared);
        return sum is null ? each : Math.Min(each, sum.HalfWidth(RoundDown.Tighten(alpha * Math.Exp(-tau))));
    }
}
