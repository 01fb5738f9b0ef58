using System.Collections.Immutable;
using System.Globalization;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>
/// Turns a loss or an error into exact noise for every integer of a query. Measures share alike; a mean's share is halved between its sum and its count;
/// key selection takes one more share unless a measure's own noisy value selects. What measures have in common is paid once (<see cref="SharedComponents"/>).
/// </summary>
internal static class Pricing
{
    // κ up to which keys are selected by the truncated geometric rule.
    private const int MaxGroupsOfCoins = 3;

    public static (ImmutableArray<PlannedMeasure> Measures, KeySelection? Selection) Price(
        ImmutableArray<MeasureDraft> drafts, int l0, int rowsPerGroup, bool privateKeys, Accuracy accuracy, int minimumUnits)
    {
        if (privateKeys && accuracy.Mechanism == NoiseMechanism.DiscreteLaplace)
        {
            throw new QueryRefusedException(
                RefusalCodes.MechanismNotAvailable,
                "Keys without a public domain are selected at the price of a delta: leave \"mechanism\" out, or have an admin declare the domain.",
                "$.mechanism");
        }

        int selector = -1;
        for (int i = 0; privateKeys && selector < 0 && i < drafts.Length; i++)
            selector = drafts[i].Components is [({ Kind: ComponentKind.Units, Filter: null }, _)] ? i : -1;
        ImmutableArray<NanoRho> costs = Shares(drafts, privateKeys && selector < 0, accuracy);
        int components = drafts.SelectMany(d => d.Components).Select(c => c.Shape.Canonical).Distinct(StringComparer.Ordinal).Count();
        ImmutableArray<PlannedMeasure> measures = SharedComponents.Of([.. drafts.Select((draft, i) => Plan(draft, rowsPerGroup, accuracy, costs[i], components))]);
        if (!privateKeys)
            return (measures, null);
        Component? answer = selector >= 0 ? measures[selector].Components[0] : null;
        return (measures, Select(answer, l0, rowsPerGroup, costs[^1], accuracy.Delta / 2, minimumUnits));
    }

    // Coins beat every threshold where a unit has few keys; beyond that the threshold does. Where the noisy units are an answer, they select at no further cost.
    private static KeySelection Select(Component? answer, int l0, int rowsPerGroup, NanoRho share, double delta, int minimumUnits)
    {
        if (answer is not null)
            return KeySelection.ByThreshold(answer, true, l0, delta, minimumUnits);
        ComponentShape units = new(ComponentKind.Units);
        if (l0 > MaxGroupsOfCoins)
            return KeySelection.ByThreshold(Gaussian(units, rowsPerGroup, new Sensitivity(l0, 1), share), false, l0, delta, minimumUnits);
        try
        {
            return KeySelection.ByCoins(units, rowsPerGroup, l0, share, delta, minimumUnits);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidEpsilon, "With so small a loss no key would be sure to be told: give a larger epsilon or fewer measures.", "$.epsilon");
        }
    }

    /// <summary>See <see cref="Accuracy.Most"/>.</summary>
    public static NanoRho MostOf(Accuracy accuracy, bool privateKeys) => accuracy.Mechanism == NoiseMechanism.DiscreteGaussian
        ? Zcdp.RhoFor(accuracy.Epsilon ?? QueryLimits.MaxEpsilon, ConversionDelta(accuracy.Delta, privateKeys))
        : NanoRho.Zero;

    /// <summary>ε of a cost, rounded up, but never more than what was asked for and kept to.</summary>
    public static double EpsilonOf(NanoRho cost, Accuracy accuracy, bool privateKeys) =>
        accuracy is { Mechanism: NoiseMechanism.DiscreteLaplace, Epsilon: { } pure }
            ? pure
            : Math.Min(accuracy.Epsilon ?? double.PositiveInfinity, Zcdp.EpsilonFor(cost, ConversionDelta(accuracy.Delta, privateKeys)));

    // The δ at which ρ is told as ε: with private keys selection takes the other half.
    private static double ConversionDelta(double delta, bool privateKeys) => privateKeys ? delta / 2 : delta;

    // What each measure may cost, and at the end what key selection may.
    private static ImmutableArray<NanoRho> Shares(ImmutableArray<MeasureDraft> drafts, bool selection, Accuracy accuracy)
    {
        int shares = drafts.Length + (selection ? 1 : 0);
        NanoRho share = new(accuracy.Most.Value / shares);
        if (accuracy.Error is not { } error)
            return [.. Enumerable.Repeat(share, shares)];
        ImmutableArray<NanoRho> least = [.. drafts.Select((draft, i) => CheapestFor(draft, accuracy.AbsoluteOf(i), error.Confidence, share, i))];
        return selection ? least.Add(least.Max()) : least;
    }

    private static PlannedMeasure Plan(MeasureDraft draft, int rowsPerGroup, Accuracy accuracy, NanoRho share, int componentsOfAll)
    {
        ImmutableArray<Component> components =
        [
            .. draft.Components.Select(c => accuracy.Mechanism == NoiseMechanism.DiscreteGaussian
                ? Gaussian(c.Shape, rowsPerGroup, c.Sensitivity, new NanoRho(share.Value / draft.Components.Length))
                : Laplace(c.Shape, rowsPerGroup, c.Sensitivity, Rational.FromDouble(accuracy.Epsilon!.Value) / componentsOfAll)),
        ];
        return new PlannedMeasure(
            draft.Name,
            draft.Function,
            draft.Field,
            draft.Grid,
            draft.Points,
            draft.Labels,
            components,
            MeasurePrecision.Of(draft.Function, components.AsSpan()));
    }

    private static Component Gaussian(ComponentShape shape, int rowsPerGroup, Sensitivity sensitivity, NanoRho cost)
    {
        if (cost.Value < 1)
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidEpsilon, "So small a loss cannot be shared out among the measures: give a larger epsilon or fewer measures.", "$.epsilon");
        }

        NoiseScale? noise = NoiseScale.For(NoiseMechanism.DiscreteGaussian, GaussianScale.For(sensitivity.SquaredL2, cost));
        return new Component(shape, rowsPerGroup, sensitivity, noise ?? throw Drowned(), cost);
    }

    // ε/n each, so the scale is n·Δ1/ε, exactly.
    private static Component Laplace(ComponentShape shape, int rowsPerGroup, Sensitivity sensitivity, Rational epsilon)
    {
        NoiseScale? noise = NoiseScale.For(NoiseMechanism.DiscreteLaplace, LaplaceScale.ForPure(sensitivity.L1, epsilon));
        return new Component(shape, rowsPerGroup, sensitivity, noise ?? throw Drowned(), Zcdp.OfPure(epsilon));
    }

    private static NanoRho CheapestFor(MeasureDraft draft, double absolute, double confidence, NanoRho most, int index)
    {
        if (!HasKnownError(draft.Function))
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidErrorTarget,
                "The error of a mean, a variance or a quantile depends on what the rows are: give \"epsilon\", or ask for sums, counts or a histogram.",
                string.Create(CultureInfo.InvariantCulture, $"$.measures[{index}]"));
        }

        // In steps of the grid; a hair more than the quotient, which double arithmetic may have rounded below a whole number.
        double steps = Math.Min(absolute / (double)(draft.Function == MeasureFunction.Sum ? draft.Grid!.Granularity : 1m) * (1 + 1e-12), 1e15);
        try
        {
            NanoRho least = GaussianScale.RhoForError(draft.Components[0].Sensitivity.SquaredL2, (long)steps, confidence);
            if (least <= most)
                return least;
        }
        catch (ArgumentOutOfRangeException)
        {
            // No loss at all reaches it: refused like a loss that is too large.
        }

        throw new QueryRefusedException(
            RefusalCodes.InvalidErrorTarget,
            "No permitted loss gives so small an error: ask for a larger one, or lower the contribution bounds.",
            "$.error.absolute");
    }

    private static bool HasKnownError(MeasureFunction function) =>
        function is MeasureFunction.Count or MeasureFunction.Sum or MeasureFunction.DistinctSubjects or MeasureFunction.DistinctValues or MeasureFunction.Histogram;

    private static QueryRefusedException Drowned() => new(
        RefusalCodes.InvalidBounds, "With these bounds the noise would be larger than any value: lower the contribution bounds or the clamp.", "$.contribution");
}
