using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Opaline.Analytics;

/// <summary>
/// Range inference: the bounds and the grid of arithmetic follow from those of its operands, in exact integers. What would leave 2^52 steps is refused, so
/// that no engine can overflow and doubles are exact on the way.
/// </summary>
internal static class NumberPlanner
{
    // A quotient that lies on no grid is rounded to this one.
    private const decimal QuotientStep = 0.000001m;

    public static PlannedOperation Plan(OperationExpression call, ImmutableArray<PlannedExpression> operands, string path)
    {
        Operation operation = call.Operation;
        (int least, int most) = operation switch
        {
            Operation.Negate or Operation.Absolute or Operation.Floor => (1, 1),
            Operation.Least or Operation.Greatest => (2, QueryLimits.MaxConditions),
            _ => (2, 2),
        };
        ExpressionPlanner.CheckCount(call, path, least, most);
        ValueGrid? grid;
        try
        {
            grid = operation switch
            {
                Operation.Add => Sum(operands[0].Grid!, operands[1].Grid!),
                Operation.Subtract => Sum(operands[0].Grid!, Negated(operands[1].Grid!)),
                Operation.Negate => Negated(operands[0].Grid!),
                Operation.Absolute => Absolute(operands[0].Grid!),
                Operation.Multiply => Product(operands[0].Grid!, operands[1].Grid!),
                Operation.Divide => Quotient(operands[0].Grid!, operands[1].Grid!),
                Operation.Floor => Multiples(operands[0].Grid!, 1m),
                Operation.Bucket => Multiples(operands[0].Grid!, Width(call, operands[1], path)),
                Operation.Least => Extreme(operands, call, path, least: true),
                Operation.Greatest => Extreme(operands, call, path, least: false),
                _ => throw ExpressionPlanner.Refuse(RefusalCodes.InvalidQuery, "Unknown operation.", call, path),
            };
        }
        catch (OverflowException)
        {
            grid = null;
        }

        return new PlannedOperation(ValueKind.Number, operation, operands) { Grid = grid ?? throw TooLarge(call, path) };
    }

    /// <summary>The least grid that holds all values of the operands.</summary>
    public static ValueGrid Hull(IReadOnlyList<PlannedExpression> operands, OperationExpression call, string path)
    {
        ImmutableArray<ValueGrid> grids = Aligned(operands) ?? throw TooLarge(call, path);
        return new ValueGrid(grids.Min(g => g.Lower), grids.Max(g => g.Upper), grids[0].Granularity);
    }

    private static ImmutableArray<ValueGrid>? Aligned(IEnumerable<PlannedExpression> operands)
    {
        ImmutableArray<ValueGrid> grids = [.. operands.Select(o => o.Grid!)];
        decimal step = grids.Select(g => g.Granularity).Aggregate(ValueGrid.CommonStep);
        ImmutableArray<ValueGrid?> aligned = [.. grids.Select(g => g.In(step))];
        return aligned.Any(g => g is null) ? null : [.. aligned.Select(g => g!)];
    }

    private static ValueGrid? Extreme(ImmutableArray<PlannedExpression> operands, OperationExpression call, string path, bool least)
    {
        ImmutableArray<ValueGrid> grids = Aligned(operands) ?? throw TooLarge(call, path);
        // A missing operand does not count, so the result may be any of the others; but one that is always there counts always.
        ValueGrid hull = Hull(operands, call, path);
        ImmutableArray<ValueGrid> there = [.. grids.Where((_, i) => !MayBeMissing(operands[i]))];
        if (there.IsEmpty)
            return hull;
        BigInteger lower = least ? hull.Lower : there.Max(g => g.Lower);
        BigInteger upper = least ? there.Min(g => g.Upper) : hull.Upper;
        return ValueGrid.Of(lower, upper, hull.Granularity);
    }

    private static bool MayBeMissing(PlannedExpression expression) => expression is not (PlannedConstant or PlannedTimePart);

    private static ValueGrid? Sum(ValueGrid x, ValueGrid y)
    {
        decimal step = ValueGrid.CommonStep(x.Granularity, y.Granularity);
        return x.In(step) is { } left && y.In(step) is { } right
            ? ValueGrid.Of((BigInteger)left.Lower + right.Lower, (BigInteger)left.Upper + right.Upper, step)
            : null;
    }

    private static ValueGrid Negated(ValueGrid grid) => new(-grid.Upper, -grid.Lower, grid.Granularity);

    private static ValueGrid Absolute(ValueGrid grid) => new(
        grid is { Lower: <= 0, Upper: >= 0 } ? 0 : Math.Min(Math.Abs(grid.Lower), Math.Abs(grid.Upper)),
        Math.Max(Math.Abs(grid.Lower), Math.Abs(grid.Upper)),
        grid.Granularity);

    private static ValueGrid? Product(ValueGrid x, ValueGrid y)
    {
        BigInteger[] corners = [(BigInteger)x.Lower * y.Lower, (BigInteger)x.Lower * y.Upper, (BigInteger)x.Upper * y.Lower, (BigInteger)x.Upper * y.Upper];
        return ValueGrid.Of(corners.Min(), corners.Max(), x.Granularity * y.Granularity);
    }

    // The divisor nearest to zero that is not zero makes the largest quotient.
    private static ValueGrid? Quotient(ValueGrid x, ValueGrid y)
    {
        long nearest = y is { Lower: <= 0, Upper: >= 0 } ? 1 : Math.Min(Math.Abs(y.Lower), Math.Abs(y.Upper));
        if (y is { Lower: 0, Upper: 0 })
            return new ValueGrid(0, 0, QuotientStep);
        decimal most = Math.Max(Math.Abs(x.LowerValue), Math.Abs(x.UpperValue)) / (nearest * y.Granularity);
        bool positive = x.Lower >= 0 && y.Lower >= 0;
        BigInteger steps = (BigInteger)decimal.Ceiling(most / QuotientStep);
        return ValueGrid.Of(positive ? 0 : -steps, steps, QuotientStep);
    }

    private static decimal Width(OperationExpression call, PlannedExpression width, string path) =>
        width is PlannedConstant { Grid: { Lower: > 0 } grid }
            ? grid.LowerValue
            : throw ExpressionPlanner.Refuse(RefusalCodes.InvalidValue, "The width of a bucket is a constant above 0.", call, path);

    // Number and width are counted in the longest step of which both are multiples, as engines do it.
    private static ValueGrid? Multiples(ValueGrid grid, decimal width)
    {
        decimal step = ValueGrid.CommonStep(grid.Granularity, width);
        return grid.In(step) is { } fine
            ? ValueGrid.Of((BigInteger)decimal.Floor(fine.Lower / (width / step)), (BigInteger)decimal.Floor(fine.Upper / (width / step)), width)
            : null;
    }

    private static QueryRefusedException TooLarge(OperationExpression call, string path) => ExpressionPlanner.Refuse(
        RefusalCodes.RangeTooLarge,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The result could have more than {ValueGrid.MaxSteps} steps: declare tighter bounds or a longer granularity, or limit an operand by least and greatest."),
        call,
        path);
}
