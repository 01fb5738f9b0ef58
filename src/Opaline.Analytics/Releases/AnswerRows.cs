using System.Collections.Immutable;
using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>Turns exact sums and noise into the rows of an answer. All that follows the addition is post-processing.</summary>
internal static class AnswerRows
{
    private const int MeanDigits = 6;

    /// <summary>Does what takes a while and is public, before any data is read.</summary>
    public static void Prepare(QueryPlan plan)
    {
        foreach (PlannedMeasure measure in plan.Measures)
            _ = measure.Ratio?.Value;
    }

    public static ImmutableArray<AnswerRow> Of(QueryPlan plan, CellSums sums, ReleaseNoise noise)
    {
        int components = plan.Components.Length;
        int selector = plan.Selection is { } selection
            ? selection.IsMeasure ? plan.Components.IndexOf(selection.Component) : components - 1
            : -1;
        List<(AnswerRow Row, BigInteger Units)> rows = [];
        for (int cell = 0; cell < sums.Count; cell++)
        {
            // A key that only another statement knows is not up for selection: that one keeps other groups of a unit, and each such key would be one more
            // chance to tell a key that only one unit has, for which nobody paid.
            if (selector >= 0 && sums[cell, selector].IsZero)
                continue;
            BigInteger[] noisy = new BigInteger[components];
            for (int i = 0; i < components; i++)
                noisy[i] = sums[cell, i] + noise[i, cell];
            if (selector >= 0 && noisy[selector] < plan.Selection!.Threshold)
                continue;
            rows.Add((new AnswerRow(sums.Keys(cell), Values(plan, noisy)), selector >= 0 ? noisy[selector] : 0));
        }

        if (selector < 0)
            return [.. rows.Select(r => r.Row)];
        // Trimmed after selection, by released values, and sorted: neither the engine's order nor the number of dropped keys shows.
        return
        [
            .. rows.OrderByDescending(r => r.Units).Take(QueryLimits.MaxCells).Select(r => r.Row)
                .Order(Comparer<AnswerRow>.Create((x, y) => Compare(x.Keys, y.Keys))),
        ];
    }

    private static int Compare(ImmutableArray<string> x, ImmutableArray<string> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int order = string.CompareOrdinal(x[i], y[i]);
            if (order != 0)
                return order;
        }

        return 0;
    }

    private static ImmutableArray<AnswerValue> Values(QueryPlan plan, BigInteger[] noisy)
    {
        ImmutableArray<AnswerValue>.Builder values = ImmutableArray.CreateBuilder<AnswerValue>(plan.Measures.Length);
        int place = 0;
        foreach (PlannedMeasure measure in plan.Measures)
        {
            values.Add(measure.Ratio is { } ratio
                ? Mean(measure.Grid!, ratio.Value, noisy[place], noisy[place + 1])
                : Value(measure, noisy[place]));
            place += measure.Components.Length;
        }

        return values.MoveToImmutable();
    }

    private static AnswerValue Value(PlannedMeasure measure, BigInteger noisy)
    {
        // Only a grid that no real measure has can leave the range of decimals; even that must not become an error.
        BigInteger most = (BigInteger)(decimal.MaxValue / 4 / decimal.Max(1, measure.Step));
        decimal value = (decimal)BigInteger.Clamp(noisy, -most, most) * measure.Step;
        decimal margin = measure.HalfWidth!.Value * measure.Step;
        return new AnswerValue(value, margin, value - margin, value + margin);
    }

    // The middle plus centred sum / count, inside the public bounds; the sum is one of doubled steps.
    private static AnswerValue Mean(ValueGrid grid, RatioAccuracy accuracy, BigInteger sum, BigInteger count)
    {
        ConfidenceInterval interval = accuracy.Interval(sum, count).Within(-grid.Width, grid.Width);
        BigInteger rows = BigInteger.Max(1, count);
        decimal value = (decimal)BigInteger.Clamp(sum, -grid.Width * rows, grid.Width * rows) / (decimal)rows;
        return new AnswerValue(
            At(value, MidpointRounding.ToEven), null, At((decimal)interval.Low, MidpointRounding.ToNegativeInfinity), At((decimal)interval.High, MidpointRounding.ToPositiveInfinity));

        decimal At(decimal ratio, MidpointRounding rounding) => decimal.Clamp(
            decimal.Round((ratio + grid.DoubledMiddle) * grid.Granularity / 2, MeanDigits, rounding), grid.LowerValue, grid.UpperValue);
    }
}
