using System.Collections.Immutable;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>
/// Turns a loss or an error into exact noise for every integer of a query. Measures share alike; a mean's share is halved between its sum and its count;
/// key selection takes one more share unless a measure's own noisy value selects.
/// </summary>
internal static class Pricing
{
    /// <summary>1 − α of every printed interval.</summary>
    public const double Confidence = 0.95;

    // Beyond this no value on any grid would be heard through the noise, and its integers would leave 64 bits.
    private const double LoudestSigma = 1e15;

    public static (ImmutableArray<PlannedMeasure> Measures, KeySelection? Selection) Price(
        ImmutableArray<MeasureDraft> drafts, Nesting nesting, int rows, bool privateKeys, Accuracy accuracy)
    {
        if (privateKeys && accuracy.Mechanism == NoiseMechanism.DiscreteLaplace)
        {
            throw new QueryRefusedException(
                RefusalCodes.MechanismNotAvailable,
                "Keys without a public domain are selected by Gaussian noise, which needs a delta: leave \"mechanism\" out, or have an admin declare the domain.",
                "$.mechanism");
        }

        int selector = privateKeys ? drafts.IndexOf(drafts.FirstOrDefault(d => d.Components is [(ComponentKind.Units, _)])!) : -1;
        int shares = drafts.Length + (privateKeys && selector < 0 ? 1 : 0);
        List<NanoRho> costs = accuracy.Error is { } error
            ? [.. drafts.Select((d, i) => CheapestFor(d, error, i))]
            : [];
        NanoRho share = accuracy.Mechanism == NoiseMechanism.DiscreteGaussian && accuracy.Epsilon is { } epsilon
            ? new NanoRho(Zcdp.RhoFor(epsilon, ConversionDelta(accuracy.Delta, privateKeys)).Value / shares)
            : default;
        int components = drafts.Sum(d => d.Components.Length);
        ImmutableArray<PlannedMeasure> measures =
        [
            .. drafts.Select((draft, i) => Plan(draft, rows, accuracy, costs.Count > 0 ? costs[i] : share, components)),
        ];
        if (!privateKeys)
            return (measures, null);
        Component units = selector >= 0
            ? measures[selector].Components[0]
            : Gaussian(ComponentKind.Units, null, rows, new Sensitivity(nesting.Kappa, 1), costs.Count > 0 ? costs.MaxBy(c => c.Value) : share);
        (long threshold, AttoDelta delta) = GaussianThreshold.For(units.Noise.Parameter, units.Sensitivity.Groups, accuracy.Delta / 2);
        return (measures, new KeySelection(units, selector >= 0, threshold, delta));
    }

    /// <summary>The δ at which ρ is told as ε: with private keys selection takes the other half.</summary>
    public static double ConversionDelta(double delta, bool privateKeys) => privateKeys ? delta / 2 : delta;

    /// <summary>ε of a cost, rounded up, but never more than what was asked for and kept to.</summary>
    public static double EpsilonOf(NanoRho cost, Accuracy accuracy, bool privateKeys) =>
        accuracy is { Mechanism: NoiseMechanism.DiscreteLaplace, Epsilon: { } pure }
            ? pure
            : Math.Min(accuracy.Epsilon ?? double.PositiveInfinity, Zcdp.EpsilonFor(cost, ConversionDelta(accuracy.Delta, privateKeys)));

    private static PlannedMeasure Plan(MeasureDraft draft, int rows, Accuracy accuracy, NanoRho share, int componentsOfAll)
    {
        ImmutableArray<Component> components =
        [
            .. draft.Components.Select(c => accuracy.Mechanism == NoiseMechanism.DiscreteGaussian
                ? Gaussian(c.Kind, draft, rows, c.Sensitivity, new NanoRho(share.Value / draft.Components.Length))
                : Laplace(c.Kind, draft, rows, c.Sensitivity, accuracy.Epsilon!.Value, componentsOfAll)),
        ];
        // An interval of a ratio needs both parts inside theirs: each gets the root of the confidence.
        double alpha = 1 - Math.Pow(Confidence, 1.0 / components.Length);
        return new PlannedMeasure(
            draft.Name, draft.Function, draft.Field?.Name, draft.Grid, components, [.. components.Select(c => c.Noise.HalfWidth(alpha))]);
    }

    private static Component Gaussian(ComponentKind kind, MeasureDraft? draft, int rows, Sensitivity sensitivity, NanoRho cost)
    {
        if (cost.Value < 1)
            throw TooLittle();
        NoiseScale noise = new(NoiseMechanism.DiscreteGaussian, GaussianScale.For(sensitivity.SquaredL2, cost));
        return Audible(new Component(kind, draft?.Field, draft?.Grid, rows, sensitivity, noise, cost));
    }

    private static Component Laplace(ComponentKind kind, MeasureDraft draft, int rows, Sensitivity sensitivity, double epsilon, int components)
    {
        // ε/n each, so the scale is n·Δ1/ε, exactly.
        Rational scale = Rational.FromInteger(sensitivity.L1 * components) / Rational.FromDouble(epsilon);
        NanoRho cost = Zcdp.OfPure(Math.BitIncrement(epsilon / components));
        return Audible(new Component(
            kind, draft.Field, draft.Grid, rows, sensitivity, new NoiseScale(NoiseMechanism.DiscreteLaplace, scale), cost));
    }

    private static Component Audible(Component component) => component.Noise.Sigma <= LoudestSigma
        ? component
        : throw new QueryRefusedException(
            RefusalCodes.InvalidBounds, "With these bounds the noise would be larger than any value: lower the contribution bounds or the clamp.", "$.contribution");

    // σ² falls as ρ grows, and with it the width of the interval: the least ρ whose interval is narrow enough, by bisection.
    private static NanoRho CheapestFor(MeasureDraft draft, ErrorTarget error, int index)
    {
        if (draft.Function == MeasureFunction.Mean)
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidErrorTarget, "The error of a mean depends on how many rows there are: give \"epsilon\", or ask for sum and count.", $"$.measures[{index}]");
        }

        Sensitivity sensitivity = draft.Components[0].Sensitivity;
        double steps = error.Absolute / (double)(draft.Grid?.Granularity ?? 1m);
        long width = (long)Math.Floor(steps * (1 + 1e-12));
        double alpha = 1 - error.Confidence;
        long high = Zcdp.OfPure(QueryLimits.MaxEpsilon).Value;
        if (!Fits(high))
            throw new QueryRefusedException(RefusalCodes.InvalidErrorTarget, "No permitted loss gives so small an error: ask for a larger one, or lower the contribution bounds.", "$.error.absolute");
        long low = 0;
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (Fits(middle))
                high = middle;
            else
                low = middle;
        }

        return new NanoRho(high);

        bool Fits(long cost)
        {
            NoiseScale noise = new(NoiseMechanism.DiscreteGaussian, GaussianScale.For(sensitivity.SquaredL2, new NanoRho(cost)));
            // Far outside there is no need for exact tails.
            double sigma = noise.Sigma;
            return sigma <= LoudestSigma && sigma * 0.2 <= width + 1.0 && noise.HalfWidth(alpha) <= width;
        }
    }

    private static QueryRefusedException TooLittle() => new(
        RefusalCodes.InvalidEpsilon, "So small a loss cannot be shared out among the measures: give a larger epsilon or fewer measures.", "$.epsilon");
}
