using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>
/// Private selection of keys by their distinct units: with a threshold a key is told if its noisy number is at least that, else by an exact coin whose chances
/// are the greatest that the loss allows. In both a key of fewer units than the dataset's minimum is never told, and one of more is judged by those above.
/// </summary>
/// <param name="Component">The distinct units; without noise where coins are tossed.</param>
/// <param name="IsMeasure">Whether the component is a measure's own: then its one noisy value both selects and answers.</param>
/// <param name="Rule">The rule with the minimum under it.</param>
/// <param name="Threshold">τ of the units above the minimum; null for coins.</param>
/// <param name="Delta">δ of selection, charged.</param>
/// <param name="L0">Of the units: the most keys of which one unit can decide whether they are told.</param>
internal sealed record KeySelection(Component Component, bool IsMeasure, MinimumFrequency Rule, long? Threshold, AttoDelta Delta, int L0)
{
    /// <summary>Selects by the noise that a measure shows too, or by noise of its own.</summary>
    public static KeySelection ByThreshold(Component component, bool isMeasure, int l0, double delta, int minimumUnits)
    {
        GaussianThreshold rule = GaussianThreshold.For(component.Noise.Parameter, l0, delta);
        return new KeySelection(component, isMeasure, new MinimumFrequency(rule, minimumUnits), rule.Threshold, rule.Loss.Delta, l0);
    }

    /// <summary>Selects by coins, and shows no number: a loss of at most ρ = κ·ε'²/2 and δ = 1 − (1 − δ')^κ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The loss is so small that no number of units would be sure to be told.</exception>
    public static KeySelection ByCoins(ComponentShape shape, int rowsPerGroup, int l0, NanoRho most, double delta, int minimumUnits)
    {
        // A hair less, so that rounding up does not charge more than there is; κ·δ' is above 1 − (1 − δ')^κ.
        double epsilon = Math.Sqrt(2 * (most.Value * 1e-9) / l0) * (1 - 1e-9);
        TruncatedGeometric rule = new(epsilon, delta / l0, l0);
        Component units = new(shape, rowsPerGroup, new Sensitivity(l0, 1), null, rule.Loss.Rho);
        return new KeySelection(units, false, new MinimumFrequency(rule, minimumUnits), null, rule.Loss.Delta, l0);
    }

    /// <summary>Whether a key is told.</summary>
    /// <param name="units">Its exact number of units.</param>
    /// <param name="noise">The noise of it; 0 where coins are tossed.</param>
    public bool Keeps(BigInteger units, long noise) => Threshold is { } threshold
        ? units >= Rule.LeastUnits && units - (Rule.LeastUnits - 1) + noise >= threshold
        : Rule.Keeps((long)units);
}
