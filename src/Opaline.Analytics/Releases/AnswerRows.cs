using System.Collections.Immutable;
using System.Numerics;

namespace Opaline.Analytics;

/// <summary>Turns exact sums and noise into the rows of an answer. All that follows the addition is post-processing.</summary>
internal static class AnswerRows
{
    private const int MeanDigits = 6;

    public static ImmutableArray<AnswerRow> Of(QueryPlan plan, CellSums sums, NoisePool noise)
    {
        int components = plan.Components.Length;
        int selector = plan.Selection is { } selection
            ? selection.IsMeasure ? plan.Components.IndexOf(selection.Component) : components - 1
            : -1;
        List<(AnswerRow Row, BigInteger Units)> rows = [];
        for (int cell = 0; cell < sums.Count; cell++)
        {
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
            values.Add(measure.Function == MeasureFunction.Mean
                ? Mean(measure, noisy[place], noisy[place + 1])
                : Value(measure, noisy[place]));
            place += measure.Components.Length;
        }

        return values.MoveToImmutable();
    }

    private static AnswerValue Value(PlannedMeasure measure, BigInteger noisy)
    {
        decimal value = (decimal)noisy * measure.Step;
        decimal margin = measure.HalfWidths[0] * measure.Step;
        return new AnswerValue(value, margin, value - margin, value + margin);
    }

    // Middle + centred sum / count, and what it can be while both parts stay inside their intervals.
    private static AnswerValue Mean(PlannedMeasure measure, BigInteger sum, BigInteger count)
    {
        ValueGrid grid = measure.Grid!;
        (long sumWidth, long countWidth) = (measure.HalfWidths[0], measure.HalfWidths[1]);
        BigInteger least = BigInteger.Max(1, count - countWidth);
        BigInteger most = BigInteger.Max(1, count + countWidth);
        decimal low = decimal.Min(At(sum - sumWidth, least), At(sum - sumWidth, most));
        decimal high = decimal.Max(At(sum + sumWidth, least), At(sum + sumWidth, most));
        return new AnswerValue(At(sum, BigInteger.Max(1, count)), null, low, high);

        // Sums are of doubled steps around the doubled middle.
        decimal At(BigInteger centred, BigInteger rows)
        {
            decimal steps = ((decimal)centred / (decimal)rows) + grid.DoubledMiddle;
            return decimal.Clamp(decimal.Round(steps * grid.Granularity / 2, MeanDigits), grid.LowerValue, grid.UpperValue);
        }
    }
}
