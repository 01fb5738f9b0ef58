using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The distribution of the privacy loss of a fixed batch of releases (PLD): the tightest account there is, numerically, of what they give
/// together, in both directions of the neighbouring relation. Every answer is an upper bound: losses, masses and the errors of the
/// transform are rounded up. (Sommer, Meiser, Mohammadi, Privacy Loss Classes, 2019; Koskela, Jälkö, Honkela 2020; Doroshenko et al. 2022,
/// arXiv 2207.04380.)
/// </summary>
/// <remarks>
/// The releases must be fixed before the first answer is seen. A ledger that admits releases one after another counts zCDP
/// (<see cref="PrivacyFilter"/>): to stop such a sequence by its PLD is not free (arXiv 2602.15815).
/// Finite losses whose mass is below 1e-40 count as infinite.
/// </remarks>
public sealed class PrivacyLossDistribution
{
    private readonly LossGrid _grid;
    private readonly LossComposition _forward;
    private readonly LossComposition _backward;

    private PrivacyLossDistribution(LossGrid grid, LossComposition forward, LossComposition backward)
    {
        _grid = grid;
        _forward = forward;
        _backward = backward;
    }

    /// <summary>The chance that the loss is not bounded: the floor of δ.</summary>
    public double InfiniteMass => Math.Max(_forward.Infinity, _backward.Infinity);

    /// <summary>Continuous Gaussian noise with the amount μ² = Δ2²/σ².</summary>
    /// <param name="squaredMu">μ², in (0, 2^16].</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="ArgumentOutOfRangeException">μ² lies outside its range, or the losses span more than 2^22 steps of the grid.</exception>
    public static PrivacyLossDistribution OfGaussian(Rational squaredMu, LossGrid grid)
    {
        Domain.Scale(squaredMu, NoiseLosses.GreatestSquaredMuPower);
        ArgumentNullException.ThrowIfNull(grid);
        return Symmetric(grid, NoiseLosses.Gaussian(squaredMu, grid));
    }

    /// <summary>Discrete Gaussian noise on one statistic.</summary>
    /// <param name="sensitivity">Δ, above 0: the most that one privacy unit changes the statistic.</param>
    /// <param name="sigmaSquared">σ², in (0, 2^34]: each integer is counted.</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the losses span more than 2^22 steps of the
    /// grid.</exception>
    public static PrivacyLossDistribution OfDiscreteGaussian(BigInteger sensitivity, Rational sigmaSquared, LossGrid grid)
    {
        Domain.Positive(sensitivity);
        Domain.Scale(sigmaSquared, NoiseLosses.GreatestVariancePower);
        ArgumentNullException.ThrowIfNull(grid);
        return Symmetric(grid, NoiseLosses.DiscreteGaussian(sensitivity, sigmaSquared, grid));
    }

    /// <summary>Continuous Laplace noise with ε = Δ1/s.</summary>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0, or the losses span more than 2^22 steps of the grid.</exception>
    public static PrivacyLossDistribution OfLaplace(Rational epsilon, LossGrid grid)
    {
        Domain.Positive(epsilon);
        ArgumentNullException.ThrowIfNull(grid);
        return Symmetric(grid, NoiseLosses.Laplace(epsilon, grid));
    }

    /// <summary>Discrete Laplace noise on one statistic.</summary>
    /// <param name="sensitivity">Δ, above 0: the most that one privacy unit changes the statistic.</param>
    /// <param name="scale">s, above 0.</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the losses span more than 2^22 steps of the
    /// grid.</exception>
    public static PrivacyLossDistribution OfDiscreteLaplace(BigInteger sensitivity, Rational scale, LossGrid grid)
    {
        Domain.Positive(sensitivity);
        Domain.Positive(scale);
        ArgumentNullException.ThrowIfNull(grid);
        return Symmetric(grid, NoiseLosses.DiscreteLaplace(sensitivity, scale, grid));
    }

    /// <summary>
    /// Any release of which only (ε, δ) is known: the worst such release (Kairouz, Oh, Viswanath, The Composition Theorem for Differential
    /// Privacy, 2015, arXiv 1311.0776), so compositions are optimal.
    /// </summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="delta">δ in [0, 1).</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the losses span more than 2^22 steps of the
    /// grid.</exception>
    public static PrivacyLossDistribution OfApproximate(double epsilon, double delta, LossGrid grid)
    {
        Domain.NotNegative(epsilon);
        Domain.Delta(delta);
        ArgumentNullException.ThrowIfNull(grid);
        LossLawBuilder builder = new(grid, -epsilon, epsilon);
        double lesser = Math.Exp(-epsilon);
        builder.AddAtom(epsilon, (1 - delta) / (1 + lesser));
        builder.AddAtom(-epsilon, (1 - delta) * lesser / (1 + lesser));
        builder.AddInfinity(delta);
        return Symmetric(grid, builder.Build());
    }

    /// <summary>
    /// A release with finitely many outcomes, given their chances under two neighbouring inputs: the pair that dominates all others.
    /// </summary>
    /// <param name="first">The chances under the one input; they add up to 1 within 1e-9, and what is missing counts as an infinite loss.</param>
    /// <param name="second">The chances of the same outcomes under the other.</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="ArgumentException">The lists are empty or differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A list holds no chances, or the losses span more than 2^22 steps of the
    /// grid.</exception>
    public static PrivacyLossDistribution OfOutcomes(ReadOnlySpan<double> first, ReadOnlySpan<double> second, LossGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (first.Length != second.Length)
            throw new ArgumentException("first and second must have one chance for each outcome.", nameof(second));
        Domain.Chances(first);
        Domain.Chances(second);
        return new PrivacyLossDistribution(
            grid, Single(grid, NoiseLosses.OfOutcomes(first, second, grid)), Single(grid, NoiseLosses.OfOutcomes(second, first, grid)));
    }

    /// <summary>A release given by the law of its loss, the same in both directions.</summary>
    /// <param name="losses">
    /// Losses ln(P/Q) and their masses under P, which add up with <paramref name="infiniteMass"/> to 1 within 1e-9; what is missing counts
    /// as infinite. The law is used for both directions of the neighbouring relation: where they differ, take
    /// <see cref="OfOutcomes"/>, or δ may be too small in the other one.
    /// </param>
    /// <param name="infiniteMass">The mass of unbounded losses, in [0, 1).</param>
    /// <param name="grid">The grid.</param>
    /// <exception cref="ArgumentOutOfRangeException">A loss is not finite, the masses are none or do not add up, or the losses span more
    /// than 2^22 steps of the grid.</exception>
    public static PrivacyLossDistribution OfLosses(
        IReadOnlyCollection<(double Loss, double Mass)> losses, double infiniteMass, LossGrid grid)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(grid);
        Domain.Delta(infiniteMass);
        Domain.ChancesAndRest([.. losses.Select(entry => entry.Mass)], infiniteMass, nameof(losses));
        foreach ((double loss, _) in losses)
            Domain.Finite(loss, nameof(losses));
        LossLawBuilder builder = new(grid, losses.Min(entry => entry.Loss), losses.Max(entry => entry.Loss));
        foreach ((double loss, double mass) in losses)
            builder.AddAtom(loss, mass);
        builder.AddInfinity(infiniteMass + NoiseLosses.Missing([.. losses.Select(entry => entry.Mass), infiniteMass]));
        return Symmetric(grid, builder.Build());
    }

    /// <summary>The batch of both.</summary>
    /// <exception cref="ArgumentException">The other distribution has another grid.</exception>
    /// <exception cref="OverflowException">A release occurs more than 2^31 times.</exception>
    public PrivacyLossDistribution Compose(PrivacyLossDistribution other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (_grid.Step != other._grid.Step)
            throw new ArgumentException("Only distributions on a grid of the same step can be composed.", nameof(other));
        LossComposition forward = _forward.With(other._forward);
        bool symmetric = _forward == _backward && other._forward == other._backward;
        return new PrivacyLossDistribution(_grid, forward, symmetric ? forward : _backward.With(other._backward));
    }

    /// <summary>The batch <paramref name="count"/> times.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    /// <exception cref="OverflowException">A release occurs more than 2^31 times.</exception>
    public PrivacyLossDistribution Times(int count)
    {
        Domain.AtLeastOne(count);
        LossComposition forward = _forward.Times(count);
        return new PrivacyLossDistribution(_grid, forward, _forward == _backward ? forward : _backward.Times(count));
    }

    /// <summary>The least δ, rounded up, for which the batch is (<paramref name="epsilon"/>, δ)-DP.</summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is NaN, infinite or negative.</exception>
    /// <exception cref="InvalidOperationException">The losses of the batch spread over more than 2^22 steps of the grid.</exception>
    public double DeltaFor(double epsilon)
    {
        Domain.NotNegative(epsilon);
        double forward = _forward.Delta(epsilon);
        return _forward == _backward ? forward : Math.Max(forward, _backward.Delta(epsilon));
    }

    /// <summary>
    /// The least ε, rounded up, for which the batch is (ε, <paramref name="delta"/>)-DP; infinite where δ is below
    /// <see cref="InfiniteMass"/>.
    /// </summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">δ lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">The losses of the batch spread over more than 2^22 steps of the grid.</exception>
    public double EpsilonFor(double delta)
    {
        Domain.PositiveDelta(delta);
        double forward = _forward.Epsilon(delta);
        return _forward == _backward ? forward : Math.Max(forward, _backward.Epsilon(delta));
    }

    private static PrivacyLossDistribution Symmetric(LossGrid grid, LossLaw law)
    {
        LossComposition composition = Single(grid, law);
        return new PrivacyLossDistribution(grid, composition, composition);
    }

    private static LossComposition Single(LossGrid grid, LossLaw law) => new(grid.Step, [(law, 1)]);
}
