using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Resolves subqueries that carry the subject out: their keys, and numbers with public bounds.</summary>
internal sealed class SubjectPlanner(PlannedSource source, ZoneCalendar calendar, TimeRange range)
{
    private readonly ExpressionPlanner _expressions = new(source.Schema, calendar, range);
    private readonly SourceFields _fields = new(source.Schema);

    public PlannedSubjects Plan(SubjectSource subjects, string path)
    {
        string place = path + ".subjects";
        if (subjects.Values.Length is < 1 or > QueryLimits.MaxMeasures || subjects.Where.Length > QueryLimits.MaxConditions || subjects.GroupBy.Length > QueryLimits.MaxKeys)
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidQuery,
                $"A subquery has 1 to {QueryLimits.MaxMeasures} values, and at most {QueryLimits.MaxConditions} conditions and {QueryLimits.MaxKeys} keys.",
                place);
        }

        ImmutableArray<PlannedExpression> where = _expressions.Conditions(subjects.Where, place + ".where");
        ImmutableArray<(Field As, PlannedExpression Key)> keys =
        [
            .. new KeyPlanner(source.Schema, _expressions, calendar, range).Plan([.. subjects.GroupBy]).Cast<PlannedExpressionKey>().Select(k => (FieldOf(k), k.Expression)),
        ];
        ImmutableArray<PlannedSubjectValue> values = [.. subjects.Values.Select((v, i) => Plan(v, string.Create(CultureInfo.InvariantCulture, $"{place}.values[{i}]")))];
        return _fields.Schema.Fields.DistinctBy(f => f.Name).Count() == _fields.Schema.Fields.Length
            ? new PlannedSubjects(_fields.Schema, source, where, keys, values)
            : throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Name each key and each value once, and none of them like the subject or the time.", place);
    }

    private Field FieldOf(PlannedExpressionKey key) => key.Expression switch
    {
        { Grid: { } grid } => _fields.AddNumber(key.Name, grid),
        { Kind: ValueKind.Number } => _fields.AddKey(key.Name, FieldType.Int64, key.Domain),
        { Kind: ValueKind.Boolean } => _fields.AddKey(key.Name, FieldType.Boolean, null),
        { Kind: ValueKind.Date } => _fields.AddKey(key.Name, FieldType.Date, key.Domain),
        { Kind: ValueKind.Uuid } => _fields.AddKey(key.Name, FieldType.Uuid, key.Domain),
        _ => _fields.AddKey(key.Name, FieldType.String, key.Domain),
    };

    private PlannedSubjectValue Plan(SubjectValue value, string path)
    {
        if (!DatasetRules.IsFieldName(value.Name))
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "A value has a name as a field has.", path + ".name");
        PlannedExpression? filter = value.Filter is { } condition ? _expressions.Condition(condition, path + ".filter") : null;
        if (value.Function is SubjectFunction.Count or SubjectFunction.DistinctValues)
        {
            PlannedExpression? argument = value.Argument switch
            {
                null when value.Function == SubjectFunction.Count => null,
                null => throw new QueryRefusedException(RefusalCodes.InvalidQuery, "distinct_values needs a \"field\" or an \"expression\".", path),
                FieldExpression field => _expressions.Raw(field, path),
                { } any => _expressions.Plan(any, path + ".expression"),
            };
            ValueGrid counts = value.Clamp is { } most ? new ValueGrid(0, ValueGrid.MaxSummed, 1m).Within(most, path + ".clamp") : new ValueGrid(0, ValueGrid.MaxSteps, 1m);
            return new PlannedSubjectValue(_fields.AddCount(value.Name, counts.Lower, counts.Upper), value.Function, argument, filter, counts);
        }

        if (value.Argument is null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "This function needs a \"field\" or an \"expression\".", path);
        PlannedExpression number = _expressions.Number(value.Argument, value.Argument is FieldExpression ? path : path + ".expression");
        bool sum = value.Function == SubjectFunction.Sum;
        decimal step = number.Grid!.Granularity;
        ValueGrid grid = value.Clamp is { } clamp
            ? (sum ? new ValueGrid(-ValueGrid.MaxSummed, ValueGrid.MaxSummed, step) : number.Grid).Within(clamp, path + ".clamp")
            : sum ? new ValueGrid(number.Grid.Lower < 0 ? -ValueGrid.MaxSteps : 0, number.Grid.Upper > 0 ? ValueGrid.MaxSteps : 0, step) : number.Grid;
        return new PlannedSubjectValue(_fields.AddNumber(value.Name, grid), value.Function, number, filter, grid);
    }
}
