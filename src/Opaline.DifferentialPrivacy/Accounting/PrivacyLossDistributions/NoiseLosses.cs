using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>The laws of the privacy loss of noises, on a grid. Symmetric noise has the same law in both directions.</summary>
internal static class NoiseLosses
{
    /// <summary>Up to here each integer of a discrete Gaussian is counted: 27 standard deviations of 2^17.</summary>
    public const int GreatestVariancePower = 34;

    /// <summary>Up to here the argument of the normal density, (ℓ − μ²/2)/μ, keeps the density within 2^−41.</summary>
    public const int GreatestSquaredMuPower = 16;

    // Tails of less than 1e-40 count as infinite losses: the normal law has less beyond 13.4 standard deviations, the discrete Gaussian
    // beyond 13.7 of σ ≥ 1.
    private const double Deviations = 13.4;
    private const double TailMass = 1e-40;

    private const int MostAtoms = 1 << 16;

    /// <summary>Under P the loss is normal, with mean μ²/2 and variance μ².</summary>
    public static LossLaw Gaussian(Rational squaredMu, LossGrid grid)
    {
        double squared = squaredMu.ToDoubleUp();
        double mu = Math.BitIncrement(Math.Sqrt(squared));
        double low = (squared / 2) - (Deviations * mu);
        double high = (squared / 2) + (Deviations * mu);
        LossLawBuilder builder = new(grid, low, high);
        // At z standard deviations the 16th derivative is about z^16 times the density: widths of 0.3 leave (0.3·13.4)^16·1e-24 of it.
        builder.AddDensity(low, high, 0.3 * mu, loss => NormalLaw.Density((loss - (squared / 2)) / mu) / mu);
        builder.AddAtom(low, TailMass);
        builder.AddInfinity(TailMass);
        return builder.Build();
    }

    /// <summary>The loss at x of a shift by Δ is (Δ² − 2Δx)/(2σ²).</summary>
    public static LossLaw DiscreteGaussian(BigInteger sensitivity, Rational sigmaSquared, LossGrid grid)
    {
        // P(X ≥ t) ≤ e^(−t²/(2σ²)) is below 1e-41 at t = 13.75·σ, as the law is sub-Gaussian (Canonne, Kamath, Steinke 2020, section 3):
        // the mass that counts as infinite holds both tails.
        int greatest = (int)Math.Ceiling(13.75 * Math.Sqrt(sigmaSquared.ToDoubleUp()));
        Rational halfPrecision = 1 / (2 * sigmaSquared);
        double h = halfPrecision.ToDoubleDown();
        double shift = (sensitivity * sensitivity * halfPrecision).ToDoubleUp();
        double slope = (2 * sensitivity * halfPrecision).ToDoubleUp();
        double[] masses = new double[(2 * greatest) + 1];
        for (int x = -greatest; x <= greatest; x++)
            masses[x + greatest] = Math.Exp(-h * x * x);
        // From σ = 2 on the sum is σ·√(2π) to double precision (Poisson's summation formula).
        double total = sigmaSquared >= 4 ? Math.Sqrt(2 * Math.PI * sigmaSquared.ToDoubleDown()) : masses.Sum();
        // shift − slope·x, which one rounding of each term puts at most three units off.
        double Loss(int x) => Math.BitIncrement(shift - (slope * x) + (4e-16 * (shift + (slope * Math.Abs(x)))));
        LossLawBuilder builder = new(grid, Loss(greatest), Loss(-greatest));
        for (int x = -greatest; x <= greatest; x++)
            builder.AddAtom(Loss(x), masses[x + greatest] / total);
        builder.AddInfinity(TailMass);
        return builder.Build();
    }

    /// <summary>
    /// The loss is ε below 0, −ε beyond Δ, and between them falls linearly in x, so that its density under P is e^((ℓ−ε)/2)/4.
    /// </summary>
    public static LossLaw Laplace(Rational epsilon, LossGrid grid)
    {
        double greatest = epsilon.ToDoubleUp();
        LossLawBuilder builder = new(grid, -greatest, greatest);
        builder.AddAtom(greatest, 0.5);
        builder.AddDensity(-greatest, greatest, 1, loss => 0.25 * Math.Exp((loss - greatest) / 2)); // (1/2)^16·1e-24 of it is lost
        builder.AddAtom(-greatest, 0.5 * Math.Exp(-greatest));
        return builder.Build();
    }

    /// <summary>
    /// The loss is Δ/s up to 0, −Δ/s from Δ on and (Δ − 2x)/s between. Where there are very many x between, neighbours are taken together,
    /// at the greatest of their losses.
    /// </summary>
    public static LossLaw DiscreteLaplace(BigInteger sensitivity, Rational scale, LossGrid grid)
    {
        Rational rate = 1 / scale;
        double a = Math.Exp(-rate.ToDoubleDown());
        double ends = 1 / (1 + a);
        LossLawBuilder builder = new(grid, -(sensitivity * rate).ToDoubleUp(), (sensitivity * rate).ToDoubleUp());
        builder.AddAtom((sensitivity * rate).ToDoubleUp(), ends);
        BigInteger stride = BigInteger.One + ((sensitivity - BigInteger.One) / MostAtoms);
        for (BigInteger x = BigInteger.One; x < sensitivity; x += stride)
        {
            BigInteger count = BigInteger.Min(stride, sensitivity - x);
            double mass = Math.Exp(-(x * rate).ToDoubleDown()) * -NearOne.ExpMinusOne(-(count * rate).ToDoubleUp()) * ends;
            builder.AddAtom(((sensitivity - (2 * x)) * rate).ToDoubleUp(), mass);
        }
        builder.AddAtom(-(sensitivity * rate).ToDoubleDown(), Math.Exp(-(sensitivity * rate).ToDoubleDown()) * ends);
        return builder.Build();
    }

    /// <summary>ln(p/q) under p.</summary>
    public static LossLaw OfOutcomes(ReadOnlySpan<double> first, ReadOnlySpan<double> second, LossGrid grid)
    {
        (double low, double high) = (0, 0);
        for (int i = 0; i < first.Length; i++)
        {
            if (first[i] > 0 && second[i] > 0)
                (low, high) = (Math.Min(low, LossOf(first[i], second[i])), Math.Max(high, LossOf(first[i], second[i])));
        }
        LossLawBuilder builder = new(grid, low, high);
        for (int i = 0; i < first.Length; i++)
        {
            if (first[i] > 0 && second[i] > 0)
                builder.AddAtom(LossOf(first[i], second[i]), first[i]);
            else
                builder.AddInfinity(first[i]);
        }
        builder.AddInfinity(Missing(first));
        return builder.Build();
    }

    /// <summary>What masses leave of 1, exactly, rounded up: nobody knows its loss, so it counts as infinite.</summary>
    public static double Missing(ReadOnlySpan<double> masses)
    {
        Rational missing = 1;
        foreach (double mass in masses)
            missing -= Rational.FromDouble(mass);
        return missing.Sign > 0 ? missing.ToDoubleUp() : 0;
    }

    private static double LossOf(double first, double second)
    {
        if (first == second)
            return 0;
        double loss = Math.Log(first) - Math.Log(second);
        return loss + (4e-16 * (Math.Abs(Math.Log(first)) + Math.Abs(Math.Log(second)) + 1));
    }
}
