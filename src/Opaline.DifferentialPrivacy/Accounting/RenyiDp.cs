using System.Collections.Immutable;
using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Rényi differential privacy at a fixed list of orders: r(α) bounds the Rényi divergence of order α, rounded up. Losses on the same people
/// add order by order, also where a release was chosen after earlier answers (Mironov, Rényi Differential Privacy, 2017, arXiv 1702.07476;
/// filters: Feldman and Zrnic 2021, arXiv 2008.11193).
/// </summary>
public sealed class RenyiDp
{
    private RenyiDp(ImmutableArray<double> orders, ImmutableArray<double> divergences)
    {
        Orders = orders;
        Divergences = divergences;
    }

    /// <summary>Orders that suit ε from 0.01 to 100 and δ down to 1e-12.</summary>
    public static ImmutableArray<double> StandardOrders { get; } =
    [
        1.01, 1.02, 1.05, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.25, 2.5, 2.75, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 11, 12,
        14, 16, 18, 20, 22, 24, 28, 32, 36, 40,
        48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 768, 1024, 1536, 2048, 4096, 8192,
    ];

    /// <summary>The orders α, each at least 1.</summary>
    public ImmutableArray<double> Orders { get; }

    /// <summary>r(α) of each order, rounded up.</summary>
    public ImmutableArray<double> Divergences { get; }

    /// <summary>Bounds that are known otherwise.</summary>
    /// <param name="orders">The orders, each at least 1.</param>
    /// <param name="divergences">r(α) of each, at least 0.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no orders, an order is below 1, or a value is negative or not
    /// finite.</exception>
    public static RenyiDp Of(ImmutableArray<double> orders, ImmutableArray<double> divergences)
    {
        Domain.Orders(orders.AsSpan());
        if (divergences.Length != orders.Length)
            throw new ArgumentException("divergences must have one value for each order.", nameof(divergences));
        foreach (double divergence in divergences)
            Domain.NotNegative(divergence, nameof(divergences));
        return new RenyiDp(orders, divergences);
    }

    /// <summary>
    /// ρ-zCDP: r(α) = α·ρ (Bun and Steinke 2016, definition 1.1). Continuous and discrete Gaussian noise attain it at their ρ.
    /// </summary>
    /// <param name="rho">The loss.</param>
    /// <param name="orders">The orders, each at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no orders, or one is below 1.</exception>
    public static RenyiDp OfZcdp(NanoRho rho, ImmutableArray<double> orders) => OfGaussian(2 * rho.Rho, orders);

    /// <summary>Gaussian noise with the amount μ² = Δ2²/σ², continuous or discrete: r(α) = α·μ²/2.</summary>
    /// <param name="squaredMu">μ², at least 0.</param>
    /// <param name="orders">The orders, each at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">μ² is negative, there are no orders, or one is below 1.</exception>
    public static RenyiDp OfGaussian(Rational squaredMu, ImmutableArray<double> orders)
    {
        Domain.NotNegative(squaredMu);
        double rho = (squaredMu / 2).ToDoubleUp();
        return Each(orders, order => order * rho);
    }

    /// <summary>
    /// Continuous Laplace noise with ε = Δ1/s (Mironov 2017, proposition 6). <see cref="DiscreteLaplace"/> noise loses more: see
    /// <see cref="OfDiscreteLaplace"/>.
    /// </summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="orders">The orders, each at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative, there are no orders, or one is below 1.</exception>
    public static RenyiDp OfLaplace(Rational epsilon, ImmutableArray<double> orders)
    {
        Domain.NotNegative(epsilon);
        double e = epsilon.ToDoubleUp();
        return Each(orders, order => RenyiDivergence.Laplace(e, order));
    }

    /// <summary>Discrete Laplace noise on one statistic: at Δ = 1 the divergence of randomised response, nearing the continuous one as Δ grows.</summary>
    /// <param name="sensitivity">Δ, above 0: the most that one privacy unit changes the statistic.</param>
    /// <param name="scale">s, above 0.</param>
    /// <param name="orders">The orders, each at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Δ or s is not above 0, there are no orders, or one is below 1.</exception>
    public static RenyiDp OfDiscreteLaplace(BigInteger sensitivity, Rational scale, ImmutableArray<double> orders)
    {
        Domain.Positive(sensitivity);
        Domain.Positive(scale);
        double rate = (1 / scale).ToDoubleUp();
        double e = (sensitivity / scale).ToDoubleUp();
        return Each(orders, order => RenyiDivergence.DiscreteLaplace(e, rate, order));
    }

    /// <summary>A purely ε-differentially private release: the divergence of randomised response, which is the greatest there is.</summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="orders">The orders, each at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative, there are no orders, or one is below 1.</exception>
    public static RenyiDp OfPure(Rational epsilon, ImmutableArray<double> orders)
    {
        Domain.NotNegative(epsilon);
        double e = epsilon.ToDoubleUp();
        return Each(orders, order => RenyiDivergence.Pure(e, order));
    }

    /// <summary>A release whose loss has a range of ε: the exponential mechanism, but not permute-and-flip, which is only pure.</summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="orders">The orders, each at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative, there are no orders, or one is below 1.</exception>
    public static RenyiDp OfBoundedRange(Rational epsilon, ImmutableArray<double> orders)
    {
        Domain.NotNegative(epsilon);
        double e = epsilon.ToDoubleUp();
        return Each(orders, order => RenyiDivergence.BoundedRange(e, order));
    }

    /// <summary>The loss of both, on the same people.</summary>
    /// <exception cref="ArgumentException">The other has other orders.</exception>
    public RenyiDp Compose(RenyiDp other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Orders.SequenceEqual(other.Orders))
            throw new ArgumentException("Only losses at the same orders can be composed.", nameof(other));
        return new RenyiDp(Orders, [.. Divergences.Zip(other.Divergences, (left, right) => Math.BitIncrement(left + right))]);
    }

    /// <summary>The loss <paramref name="count"/> times, on the same people.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public RenyiDp Times(int count)
    {
        Domain.AtLeastOne(count);
        return new RenyiDp(Orders, [.. Divergences.Select(divergence => RoundUp.Multiply(divergence, count))]);
    }

    /// <summary>
    /// The least ε over the orders, rounded up, with (ε, <paramref name="delta"/>)-DP: r(α) + ln(1 − 1/α) − ln(δα)/(α − 1)
    /// (Canonne, Kamath, Steinke 2020, proposition 12; Balle et al. 2020, arXiv 1905.09982, theorem 21).
    /// </summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <returns>Infinity where there is no order above 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">δ lies outside (0, 1).</exception>
    public double EpsilonFor(double delta)
    {
        Domain.PositiveDelta(delta);
        double logDelta = Math.Log(delta);
        double least = double.PositiveInfinity;
        for (int i = 0; i < Orders.Length; i++)
        {
            (double order, double divergence) = (Orders[i], Divergences[i]);
            double less = order - 1;
            if (less > 0)
                least = Math.Min(least, Sum(divergence, NearOne.LogOnePlus(-1 / order), -logDelta / less, -Math.Log(order) / less));
        }
        return Math.Max(0, least);
    }

    /// <summary>
    /// The least δ over the orders, rounded up, with (<paramref name="epsilon"/>, δ)-DP; 1 where there is no order above 1.
    /// </summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is NaN, infinite or negative.</exception>
    public double DeltaFor(double epsilon)
    {
        Domain.NotNegative(epsilon);
        double least = 0;
        for (int i = 0; i < Orders.Length; i++)
        {
            (double order, double divergence) = (Orders[i], Divergences[i]);
            double less = order - 1;
            if (less > 0)
                least = Math.Min(least, Sum(less * divergence, -less * epsilon, less * NearOne.LogOnePlus(-1 / order), -Math.Log(order)));
        }
        return Math.Min(1, RoundUp.Loosen(Math.Exp(least)));
    }

    private static RenyiDp Each(ImmutableArray<double> orders, Func<double, double> divergence)
    {
        Domain.Orders(orders.AsSpan());
        return new RenyiDp(orders, [.. orders.Select(order => divergence(order) is > 0 and double value ? RoundUp.Loosen(value) : 0)]);
    }

    // Each term is good to a few units in the last place.
    private static double Sum(double a, double b, double c, double d) =>
        a + b + c + d + (16 * RoundUp.Unit * (Math.Abs(a) + Math.Abs(b) + Math.Abs(c) + Math.Abs(d)));
}
