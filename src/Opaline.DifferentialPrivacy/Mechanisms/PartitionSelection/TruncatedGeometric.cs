namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Selection of private keys by the number of their distinct units, each shown with the greatest chance that (ε', δ')-DP allows:
/// π₀ = 0, πₙ = min(e^ε'·πₙ₋₁ + δ', 1 − e^−ε'·(1 − πₙ₋₁ − δ'), 1). It beats every threshold where a unit has few keys, but shows no noisy
/// count.
/// <list type="bullet">
/// <item>Input domain: for each key that occurs, the number of distinct privacy units that have it.</item>
/// <item>Sensitivity: one unit changes at most l0 keys, each by at most 1.</item>
/// <item>Privacy loss: (ε', δ')-DP for each key, together δ-approximate ρ-zCDP with ρ = l0·ε'²/2 and δ = 1 − (1 − δ')^l0.</item>
/// <item>Source: Desfontaines, Voss, Gipson, Mandayam, Differentially private partition selection (PoPETs 2022, arXiv 2006.03684), theorem
/// 1.</item>
/// </list>
/// The chances are rounded down from one to the next, so that each satisfies both inequalities exactly, and the coins are exact.
/// </summary>
public sealed class TruncatedGeometric : IPartitionSelection
{
    private const int MostSteps = 1 << 20;

    // π below 1/2 as itself, above as −(1 − π): near 1 the complement is what has to be precise.
    private readonly double[] _odds;

    /// <summary>The selection with the given loss for each key.</summary>
    /// <param name="epsilon">ε' of one key, above 0.</param>
    /// <param name="delta">δ' of one key, in (0, 1).</param>
    /// <param name="l0">The most keys that one unit has after bounding, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A parameter lies outside its range, or ε' and δ' are so small that no key below 2^20 units would be shown with certainty.
    /// </exception>
    public TruncatedGeometric(double epsilon, double delta, int l0)
    {
        Domain.Positive(epsilon);
        Domain.PositiveDelta(delta);
        Domain.AtLeastOne(l0);
        Rational exact = Rational.FromDouble(epsilon);
        Rational rho = exact * exact * l0 / 2;
        Domain.Countable(rho, epsilon);
        Loss = new PrivacyLoss(NanoRho.RoundUp(rho), AttoDelta.RoundUp(ThresholdDelta.OfKeys(delta, l0)));
        _odds = Recur(epsilon, delta);
    }

    /// <summary>The loss ρ = l0·ε'²/2 with δ = 1 − (1 − δ')^l0.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The least number of units that is always shown.</summary>
    public long CertainFrom => _odds.Length;

    /// <inheritdoc/>
    /// <remarks>An exact coin.</remarks>
    public bool Keeps(long units) => Keeps(units, CryptographicBits.OfThread);

    /// <inheritdoc/>
    public double KeepProbability(long units) => Chance(units).ToDoubleDown();

    internal bool Keeps(long units, IBitSource bits)
    {
        Rational chance = Chance(units);
        return Bernoulli.Draw(bits, chance.Numerator, chance.Denominator);
    }

    internal Rational Chance(long units)
    {
        Domain.NotNegative(units);
        if (units >= _odds.Length)
            return 1;
        double odds = _odds[units];
        return odds >= 0 ? Rational.FromDouble(odds) : 1 + Rational.FromDouble(odds);
    }

    private static double[] Recur(double epsilon, double delta)
    {
        double grow = RoundDown.Tighten(Math.Exp(epsilon));
        double shrink = RoundUp.Loosen(Math.Exp(-epsilon));
        if (double.IsInfinity(grow))
            grow = double.MaxValue;
        List<double> odds = [0];
        double keep = 0;
        double drop = 1;
        while (true)
        {
            // Lower bounds of both branches, the second one as an upper bound of its complement.
            double first = Math.Min(1, RoundDown.Add(RoundDown.Multiply(grow, keep), delta));
            double second = RoundUp.Subtract(drop, delta) <= 0 ? 0 : RoundUp.Multiply(shrink, RoundUp.Subtract(drop, delta));
            keep = Math.Min(first, RoundDown.Subtract(1, second));
            if (keep < 0.5)
            {
                drop = RoundUp.Subtract(1, keep);
                odds.Add(keep);
            }
            else
            {
                // 1 − first only binds while first is below 1.
                drop = first < 1 ? Math.Max(second, RoundUp.Subtract(1, first)) : second;
                if (drop <= 0)
                    return [.. odds];
                keep = Math.Max(0, RoundDown.Subtract(1, drop));
                odds.Add(-drop);
            }
            if (odds.Count > MostSteps)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(delta), delta, "epsilon and delta are too small: not even 2^20 units would be shown with certainty.");
            }
        }
    }
}
