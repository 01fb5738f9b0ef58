using System.Collections.Immutable;
using System.Numerics;

namespace Opaline.Analytics;

/// <summary>Turns exact sums and noise into the rows of an answer. All that follows the addition is post-processing.</summary>
internal static class NoisyRows
{
    /// <summary>Does what takes a while and is public, before any data is read.</summary>
    public static void Prepare(QueryPlan plan)
    {
        foreach (PlannedMeasure measure in plan.Measures)
            measure.Precision.Prepare();
    }

    public static ImmutableArray<AnswerRow> Of(QueryPlan plan, CellSums sums, ReleaseNoise noise)
    {
        ImmutableArray<Component> all = plan.Components;
        ImmutableArray<ImmutableArray<int>> places = plan.Places();
        int selector = plan.Selection is { } selection
            ? selection.IsMeasure ? all.IndexOf(selection.Component) : all.Length - 1
            : -1;
        List<(AnswerRow Row, decimal Size)> rows = [];
        for (int cell = 0; cell < sums.Count; cell++)
        {
            // A key that only another statement knows is not up for selection: that one keeps other groups of a unit, and each such key would be one more
            // chance to tell a key that only one unit has, for which nobody paid.
            if (selector >= 0 && sums[cell, selector][0].IsZero)
                continue;
            long drawn = plan.Selection?.Threshold is null ? 0 : noise.Of(selector, cell)[0];
            if (selector >= 0 && !plan.Selection!.Keeps(sums[cell, selector][0], drawn))
                continue;
            AnswerRow row = new(sums.Keys(cell), Values(plan, all, places, sums, noise, cell));
            // Coins show no number to trim by; the first released one stands in.
            rows.Add((row, plan.Selection?.Threshold is null ? row.Values[0].Value : (decimal)(sums[cell, selector][0] + drawn)));
        }

        if (selector < 0)
            return [.. rows.Select(r => r.Row)];
        // Trimmed after selection, by released values, and sorted: neither the engine's order nor the number of dropped keys shows.
        return
        [
            .. rows.OrderByDescending(r => r.Size).Take(plan.NoisyCells).Select(r => r.Row)
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

    private static ImmutableArray<AnswerValue> Values(
        QueryPlan plan, ImmutableArray<Component> all, ImmutableArray<ImmutableArray<int>> places, CellSums sums, ReleaseNoise noise, int cell)
    {
        // What measures share has one noisy value, whoever reads it.
        BigInteger[]?[] noisy = new BigInteger[all.Length][];
        ImmutableArray<AnswerValue>.Builder values = ImmutableArray.CreateBuilder<AnswerValue>(plan.Measures.Length);
        for (int i = 0; i < plan.Measures.Length; i++)
        {
            BigInteger[][] read = new BigInteger[places[i].Length][];
            for (int j = 0; j < read.Length; j++)
                read[j] = noisy[places[i][j]] ??= Noisy(all[places[i][j]], sums[cell, places[i][j]], noise.Of(places[i][j], cell));
            values.AddRange(NoisyMeasure.Values(plan.Measures[i], read));
        }

        return values.DrainToImmutable();
    }

    // The one place where noise meets sums. The nodes of a tree are sums of its leaves before they get theirs.
    private static BigInteger[] Noisy(Component component, ReadOnlySpan<BigInteger> sums, ReadOnlySpan<long> noise)
    {
        BigInteger[] noisy = component.Shape.Bins is { } bins ? bins.Count(sums) : sums.ToArray();
        for (int i = 0; i < noisy.Length; i++)
            noisy[i] += noise[i];
        return noisy;
    }
}
