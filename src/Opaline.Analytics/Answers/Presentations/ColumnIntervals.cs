using System.Globalization;
using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>
/// The 95 % intervals of computed columns: of weighted sums by the law of the summed noise, of ratios by both noises, and of monotone functions of these.
/// Others have none.
/// </summary>
/// <param name="released">The numbers and what they are made of.</param>
/// <param name="plan">The plan of the release, which tells its noise: that of the question is another where the release was made for more or was added up.</param>
/// <param name="sums">The half-widths of sums that were made before.</param>
internal sealed class ColumnIntervals(ReleasedColumns released, PlanSummary plan, SummedNoise sums)
{
    // A weight of a sum in steps of its grid; beyond it the law would be one of astronomic numbers.
    private const decimal MostWeight = 1_000_000_000_000m;

    private readonly Dictionary<Expression, RatioAccuracy> _ratios = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, IDiscreteNoise> _laws = [];

    /// <summary>The interval of a column.</summary>
    /// <param name="expression">What it is.</param>
    /// <param name="row">The released numbers.</param>
    /// <param name="terms">How many releases' numbers each of them was added up from.</param>
    public (decimal Low, decimal High)? Of(Expression expression, AnswerRow row, int terms)
    {
        try
        {
            return Interval(expression, row, terms);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private (decimal Low, decimal High)? Interval(Expression expression, AnswerRow row, int terms)
    {
        if (expression is FieldExpression field)
            return released.IndexOf(field.Name) is { } index ? (row.Values[index].Low, row.Values[index].High) : null;
        if (expression is not OperationExpression operation)
            return null;
        if (Linear(expression) is { Terms.Count: > 0 } sum)
            return Sum(sum, row, terms);
        // No law of a ratio of sums is at hand.
        if (terms == 1 && operation is { Operation: Operation.Divide } && Ratio(operation, row) is { } ratio)
            return ratio;
        return Monotone(operation, row, terms);
    }

    private (decimal Low, decimal High)? Monotone(OperationExpression operation, AnswerRow row, int terms)
    {
        if (operation.Operation == Operation.Case)
            return Interval(operation.Arguments[1], row, terms);
        if (operation.Operation == Operation.Negate && Interval(operation.Arguments[0], row, terms) is var (low, high))
            return (-high, -low);
        bool second = operation.Arguments is [_, ConstantExpression];
        bool first = operation.Arguments is [ConstantExpression, _] && operation.Operation is Operation.Add or Operation.Multiply;
        if ((!second && !first) || Interval(operation.Arguments[second ? 0 : 1], row, terms) is not var (least, most))
            return null;
        decimal number = NumberOf(operation.Arguments[second ? 1 : 0]);
        Func<decimal, decimal>? apply = operation.Operation switch
        {
            Operation.Add => x => x + number,
            Operation.Subtract => x => x - number,
            Operation.Multiply => x => x * number,
            Operation.Divide when number != 0 => x => x / number,
            Operation.Bucket when number > 0 => x => Math.Floor(x / number) * number,
            _ => null,
        };
        return apply is null ? null : (Math.Min(apply(least), apply(most)), Math.Max(apply(least), apply(most)));
    }

    private (decimal Low, decimal High)? Sum(WeightedSum sum, AnswerRow row, int terms)
    {
        // In units in which every weight is whole.
        decimal unit = 1;
        foreach ((int index, decimal weight) in sum.Terms)
        {
            decimal worth = weight * released.MeasureOf(index).Step;
            while (worth / unit % 1 != 0)
                unit /= 10;
        }

        List<(IDiscreteNoise Noise, BigInteger Weight)> noises = [];
        decimal middle = sum.Constant;
        foreach ((int index, decimal weight) in sum.Terms)
        {
            decimal units = weight * released.MeasureOf(index).Step / unit;
            if (Math.Abs(units) > MostWeight)
                return null;
            middle += weight * row.Values[index].Value;
            if (units == 0)
                continue;
            noises.Add((Law(index), (BigInteger)units));
        }

        if (noises.Count == 0)
            return (middle, middle);
        decimal width = (decimal)sums.HalfWidth(noises, terms, MeasurePrecision.Alpha) * unit;
        return (middle - width, middle + width);
    }

    private (decimal Low, decimal High)? Ratio(OperationExpression operation, AnswerRow row)
    {
        if (Linear(operation.Arguments[0]) is not { Constant: 0, Terms: { Count: 1 } upper } || Linear(operation.Arguments[1]) is not { Constant: 0, Terms: { Count: 1 } lower})
            return null;
        (int top, decimal topWeight) = upper.First();
        (int bottom, decimal bottomWeight) = lower.First();
        if (top == bottom || topWeight == 0 || bottomWeight == 0)
            return null;
        PlannedMeasure numerator = released.MeasureOf(top);
        PlannedMeasure denominator = released.MeasureOf(bottom);
        if (!_ratios.TryGetValue(operation, out RatioAccuracy? accuracy))
            _ratios[operation] = accuracy = new RatioAccuracy(Law(top), Law(bottom), MeasurePrecision.Confidence);
        ConfidenceInterval interval = accuracy.Interval(
            (BigInteger)(row.Values[top].Value / numerator.Step), (BigInteger)(row.Values[bottom].Value / denominator.Step));
        if (!double.IsFinite(interval.Low) || !double.IsFinite(interval.High))
            return null;
        decimal scale = topWeight * numerator.Step / (bottomWeight * denominator.Step);
        decimal x = (decimal)interval.Low * scale;
        decimal y = (decimal)interval.High * scale;
        return (Math.Min(x, y), Math.Max(x, y));
    }

    // Measures of one noisy integer with weights; null for anything else.
    private WeightedSum? Linear(Expression expression)
    {
        switch (expression)
        {
            case FieldExpression field when released.IndexOf(field.Name) is { } index && released.IsInteger(index):
                return new WeightedSum(new Dictionary<int, decimal> { [released.Canonical(index)] = 1 }, 0);
            case ConstantExpression { Value.Kind: LiteralKind.Number } constant:
                return new WeightedSum([], NumberOf(constant));
            case OperationExpression { Operation: Operation.Negate } negated:
                return Linear(negated.Arguments[0])?.Times(-1);
            case OperationExpression { Operation: Operation.Add or Operation.Subtract } sum:
                return Linear(sum.Arguments[0]) is { } x && Linear(sum.Arguments[1]) is { } y ? x.Plus(y.Times(sum.Operation == Operation.Add ? 1 : -1)) : null;
            case OperationExpression { Operation: Operation.Multiply, Arguments: [ConstantExpression factor, var value] }:
                return Linear(value)?.Times(NumberOf(factor));
            case OperationExpression { Operation: Operation.Multiply, Arguments: [var value, ConstantExpression factor] }:
                return Linear(value)?.Times(NumberOf(factor));
            case OperationExpression { Operation: Operation.Case, Arguments: [_, var value] }:
                // NULLIF: where it is not missing it is its value.
                return Linear(value);
            default:
                return null;
        }
    }

    // The noise that the release has in a number.
    private IDiscreteNoise Law(int index)
    {
        if (_laws.TryGetValue(index, out IDiscreteNoise? law))
            return law;
        NoiseScale planned = released.MeasureOf(index).Components[0].Noise;
        ComponentSummary drawn = plan.MeasureAt(index).Components[0];
        bool same = planned.Mechanism == plan.Mechanism && planned.Text == drawn.SigmaSquared;
        return _laws[index] = same ? planned.Law : NoiseScale.Read(plan.Mechanism, drawn.SigmaSquared).Law;
    }

    private static decimal NumberOf(Expression constant) => decimal.Parse(((ConstantExpression)constant).Value.Text, CultureInfo.InvariantCulture);

    private sealed record WeightedSum(Dictionary<int, decimal> Terms, decimal Constant)
    {
        public WeightedSum Times(decimal factor) => new(Terms.ToDictionary(t => t.Key, t => t.Value * factor), Constant * factor);

        public WeightedSum Plus(WeightedSum other) => new(
            Terms.Concat(other.Terms).GroupBy(t => t.Key).ToDictionary(g => g.Key, g => g.Sum(t => t.Value)), Constant + other.Constant);
    }
}
