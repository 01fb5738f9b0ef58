using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Resolves the keys of an answer's rows.</summary>
internal sealed class KeyPlanner(Dataset dataset, ExpressionPlanner expressions, ZoneCalendar calendar, TimeRange range)
{
    private static readonly ImmutableArray<string> Booleans = ["false", "true"];

    public ImmutableArray<PlannedKey> Plan(ImmutableArray<GroupKey> keys)
    {
        ImmutableArray<PlannedKey>.Builder planned = ImmutableArray.CreateBuilder<PlannedKey>(keys.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"$.group_by[{i}]");
            PlannedKey key = keys[i] switch
            {
                PeriodKey period => Plan(period.Period, path),
                ExpressionKey { Expression: FieldExpression field } named => OfField(named, field, path),
                ExpressionKey expression => OfExpression(expression, path),
                _ => throw new QueryRefusedException(RefusalCodes.InvalidQuery, "A key is {\"field\": …}, {\"expression\": …} or {\"period\": …}.", path),
            };
            if (planned.Any(k => k is PlannedPeriodKey && key is PlannedPeriodKey))
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "A query has at most one period.", path);
            if (planned.Any(k => k.Name == key.Name))
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Name each key once.", path);
            planned.Add(key);
        }

        CheckCells(planned);
        return planned.ToImmutable();
    }

    private PlannedPeriodKey Plan(Period period, string path)
    {
        PeriodGrid grid = PeriodGrid.For(period, calendar, range.From, range.To, QueryLimits.MaxCells)
            ?? throw new QueryRefusedException(
                RefusalCodes.TooManyCells, $"The range has more than {QueryLimits.MaxCells} periods: narrow it by \"from\" and \"to\", or ask for longer periods.", path);
        if (period == Period.Hour && calendar.HasPartHours(range.From, range.To))
        {
            throw new QueryRefusedException(
                RefusalCodes.UnknownTimeZone, "Hours are cut in whole hours from UTC, which this zone is not: ask by the hour in UTC, or by the day.", path);
        }

        DayOffsets offsets = period == Period.Hour ? new DayOffsets([new DayOffsets.Segment(null, 0)]) : DayOffsets.For(calendar, range.From, range.To);
        return new PlannedPeriodKey(QueryWords.Of(period), grid, offsets);
    }

    private PlannedExpressionKey OfField(ExpressionKey key, FieldExpression expression, string path)
    {
        Field field = FieldUse.Key(dataset, expression.Name, expression.Fragment ?? path + ".field");
        // A number that the question itself made, such as a funnel's step.
        if (field.Measure is not null)
        {
            PlannedExpression number = expressions.Number(expression, path);
            return new PlannedExpressionKey(Name(key, field.Name, path), number, DomainOf(number));
        }

        ImmutableArray<string>? domain = field.Domain ?? (field.Stored == StoredType.Boolean ? Booleans : null);
        return new PlannedExpressionKey(
            Name(key, field.Name, path), new PlannedColumn(ConstantReader.KindOf(field.Stored!.Value), field), domain is { } values ? Ordered(values) : null);
    }

    private PlannedExpressionKey OfExpression(ExpressionKey key, string path)
    {
        PlannedExpression value = expressions.Plan(key.Expression, path + ".expression");
        if (value.Kind is not (ValueKind.Text or ValueKind.Number or ValueKind.Boolean or ValueKind.Date))
            throw ExpressionPlanner.Refuse(RefusalCodes.OperatorNotAllowed, "A key is text, a number, a date, or true or false.", key.Expression, path);
        if (value is PlannedConstant)
            throw ExpressionPlanner.Refuse(RefusalCodes.InvalidQuery, "A constant makes no groups: leave it out.", key.Expression, path);
        return new PlannedExpressionKey(Name(key, QueryWords.Of(((OperationExpression)key.Expression).Operation), path), value, DomainOf(value));
    }

    // Numbers have as many values as their grid, unless fewer are known.
    private static ImmutableArray<string>? DomainOf(PlannedExpression value)
    {
        if (value.Grid is not { } grid)
            return value.Domain is { } domain ? Ordered(domain) : null;
        if (value.Domain is { } numbers)
            return [.. numbers.OrderBy(n => decimal.Parse(n, CultureInfo.InvariantCulture))];
        return grid.Count <= QueryLimits.MaxCells ? [.. Enumerable.Range(0, (int)grid.Count).Select(i => grid.Label(grid.Lower + i))] : null;
    }

    private static ImmutableArray<string> Ordered(ImmutableArray<string> domain) => [.. domain.Order(StringComparer.Ordinal)];

    private static string Name(ExpressionKey key, string otherwise, string path) => key.Name is { } name ? GivenName.Check(name, path) : otherwise;

    // Public cells beyond the cap would all need noise, and a private key does not make fewer of them.
    private static void CheckCells(ImmutableArray<PlannedKey>.Builder keys)
    {
        long cells = 1;
        foreach (PlannedKey key in keys)
        {
            cells *= key.Values ?? 1;
            if (cells > QueryLimits.MaxCells)
            {
                throw new QueryRefusedException(
                    RefusalCodes.TooManyCells,
                    $"The answer would have more than {QueryLimits.MaxCells} cells (periods times public values): narrow the range or use fewer keys.",
                    "$.group_by");
            }
        }
    }
}
