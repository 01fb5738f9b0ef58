using System.Collections.Immutable;
using System.Globalization;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>Resolves the bins of quantiles and histograms, of which there is noise for every cell.</summary>
/// <param name="cells">Public cells; null where a key is selected privately.</param>
internal sealed class BinPlanner(int? cells)
{
    // Room for so many private keys; those that are told beyond it are trimmed.
    private const int PrivateKeys = 100;

    /// <summary>The rows of a number, by bin.</summary>
    /// <param name="measure">Quantiles or a histogram.</param>
    /// <param name="amount">The number on its clamped grid.</param>
    /// <param name="path">Where the measure stands.</param>
    public ComponentShape Plan(Measure measure, ComponentShape amount, string path)
    {
        ValueGrid grid = amount.Grid!;
        Binning? bins = measure.Function == MeasureFunction.Quantiles ? Tree(measure, grid, path) : Edges(measure, grid, path);
        if (bins is null || (long)bins.Nodes * (cells ?? 1) > QueryLimits.MaxCells)
        {
            throw new QueryRefusedException(
                RefusalCodes.TooManyCells,
                $"The answer would have more than {QueryLimits.MaxCells} cells times bins: use fewer keys, a narrower range or fewer edges.",
                path);
        }

        return amount with { Kind = ComponentKind.BinRows, Bins = bins };
    }

    /// <summary>What tells the numbers of a measure apart: ranks, or the bins as intervals.</summary>
    public static ImmutableArray<string> Labels(Measure measure, ImmutableArray<ComponentShape> shapes)
    {
        ValueGrid? grid = shapes[0].Grid;
        if (measure.Function == MeasureFunction.Contributions)
            return [.. shapes.SelectMany(s => Whole(s.Bins!, 1, QueryLimits.MaxBound, n => ValueGrid.Text(n)).Select(l => $"{s.Name} {l}"))];
        if (measure.Function == MeasureFunction.Bounds)
            return [.. Whole(shapes[0].Bins!, grid!.Lower, grid.Upper, grid.Label)];
        if (measure.Function == MeasureFunction.Quantiles)
            return [.. measure.Points.Select(ValueGrid.Text)];
        if (measure.Function != MeasureFunction.Histogram)
            return [];
        string[] ends = [ValueGrid.Text(grid!.LowerValue), .. measure.Points.Select(ValueGrid.Text), ValueGrid.Text(grid.UpperValue)];
        return [.. Enumerable.Range(0, ends.Length - 1).Select(i => $"[{ends[i]}, {ends[i + 1]}{(i == ends.Length - 2 ? ']' : ')')}")];
    }

    /// <summary>The bins of what units contribute: 1, 2, 3 to 4, 5 to 8, …</summary>
    public static ImmutableArray<ComponentShape> Contributions(Measure measure, PlannedExpression? filter, string path)
    {
        if (measure.Argument is not null || filter is not null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "contributions counts all rows that \"where\" leaves: it has no field and no filter.", path);
        Binning bins = Binning.Histogram([.. Enumerable.Range(0, 20).Select(i => (1L << i) + 1)]);
        return [new ComponentShape(ComponentKind.UnitGroups, Bins: bins), new ComponentShape(ComponentKind.UnitRows, Bins: bins)];
    }

    /// <summary>The bins by which bounds are found, up to the greatest magnitude of the grid.</summary>
    public static ComponentShape Magnitudes(ComponentShape amount, int rows)
    {
        long most = Math.Max(Math.Abs(amount.Grid!.Lower), Math.Abs(amount.Grid.Upper));
        int bins = 1;
        while (bins < 63 && 1L << (bins - 1) < most)
            bins++;
        ApproximateBounds search = ApproximateBounds.For(bins, rows, new NanoRho(1_000_000_000));
        return amount with { Kind = ComponentKind.BinRows, Bins = Binning.Histogram([.. search.BinStarts]) };
    }

    // Bins of whole numbers, each by its first and last one.
    private static IEnumerable<string> Whole(Binning bins, long first, long last, Func<long, string> text)
    {
        for (int i = 0; i < bins.Leaves; i++)
        {
            long start = i == 0 ? Math.Min(first, bins.Starts[0] - 1) : bins.Starts[i - 1];
            long end = i == bins.Starts.Length ? Math.Max(last, start) : bins.Starts[i] - 1;
            yield return start == end ? text(start) : $"{text(start)} to {text(end)}";
        }
    }

    private Binning? Tree(Measure measure, ValueGrid grid, string path)
    {
        CheckPoints(measure.Points, path + ".ranks");
        return measure.Points.All(r => r is > 0 and < 1)
            ? Binning.Tree(grid, cells ?? PrivateKeys)
            : throw new QueryRefusedException(
                RefusalCodes.InvalidValue,
                "A rank lies above 0 and below 1. The true smallest and largest value belong to one person: ask for a rank such as 0.01 or 0.99.",
                path + ".ranks");
    }

    private static Binning Edges(Measure measure, ValueGrid grid, string path)
    {
        CheckPoints(measure.Points, path + ".edges");
        bool good = measure.Points.All(e => e > grid.LowerValue && e <= grid.UpperValue && e % grid.Granularity == 0);
        return good
            ? Binning.Histogram([.. measure.Points.Select(e => (long)(e / grid.Granularity))])
            : throw new QueryRefusedException(
                RefusalCodes.InvalidValue,
                string.Create(CultureInfo.InvariantCulture, $"Edges part the range: above {grid.LowerValue}, at most {grid.UpperValue}, in steps of {grid.Granularity}."),
                path + ".edges");
    }

    private static void CheckPoints(ImmutableArray<decimal> points, string path)
    {
        bool rising = points.Length > 0 && points.Zip(points.Skip(1)).All(p => p.First < p.Second);
        if (!rising || points.Length > QueryLimits.MaxPoints)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"Give 1 to {QueryLimits.MaxPoints} numbers, each above the one before.", path);
    }
}
