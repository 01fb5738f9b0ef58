using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Opaline.Analytics;

/// <summary>A presentation whose names are resolved. What is wrong with it is found before anything is charged.</summary>
internal sealed class PlannedPresentation
{
    private readonly QueryPlan _plan;
    private readonly Presentation _asked;
    private readonly ImmutableArray<AnswerColumn> _columns;
    private readonly ReleasedColumns _released;

    // Of each column the key or the number that it shows as it is; neither of one that is computed.
    private readonly ImmutableArray<(int? Key, int? Number)> _places;

    private PlannedPresentation(QueryPlan plan, Presentation asked)
    {
        _plan = plan;
        _asked = asked;
        _released = new ReleasedColumns(plan);
        _columns = asked.Columns.IsDefaultOrEmpty ? _released.All : [.. asked.Columns.SelectMany(_released.Expand)];
        _places = [.. _columns.Select(c => _released.Place(c.Value))];
    }

    /// <exception cref="QueryRefusedException">It names what the plan does not release.</exception>
    public static PlannedPresentation Of(QueryPlan plan, Presentation? presentation)
    {
        PlannedPresentation planned = new(plan, presentation ?? new Presentation());
        planned.Check();
        return planned;
    }

    /// <summary>The answer as it is shown. A release may have been made under other names, which are no part of what was released, and with other noise.</summary>
    /// <param name="answer">The answer with all its numbers.</param>
    /// <param name="sums">The half-widths of sums that were made before.</param>
    /// <param name="cancellationToken">Ends the call: an interval that nobody asked for before takes a while.</param>
    public Answer Show(Answer answer, SummedNoise sums, CancellationToken cancellationToken) =>
        answer with { Table = Table(answer, sums, cancellationToken), Plan = Named(answer.Plan) };

    /// <summary>A dry run under the names that were asked for.</summary>
    public QueryPlanView Named(QueryPlanView view) => view with { Plan = Named(view.Plan) };

    private PlanSummary Named(PlanSummary plan) => plan with
    {
        Keys = [.. plan.Keys.Zip(_plan.Keys, (k, named) => k with { Name = named.Name })],
        Measures = [.. plan.Measures.Zip(_plan.Measures, (m, named) => m with { Name = named.Name })],
    };

    private AnswerTable Table(Answer answer, SummedNoise sums, CancellationToken cancellationToken)
    {
        ColumnIntervals intervals = new(_released, answer.Plan, sums);
        ImmutableArray<int> keys = [.. Enumerable.Range(0, _columns.Length).Where(i => _places[i].Key is not null)];
        ImmutableArray<int> values = [.. Enumerable.Range(0, _columns.Length).Except(keys)];
        ImmutableArray<AnswerTableRow>.Builder rows = ImmutableArray.CreateBuilder<AnswerTableRow>();
        foreach (int shown in Shown(answer.Rows))
        {
            AnswerRow row = answer.Rows[shown];
            string[] texts = new string[keys.Length];
            for (int i = 0; i < texts.Length; i++)
                texts[i] = row.Keys[_places[keys[i]].Key!.Value];
            ShownValue?[] numbers = new ShownValue?[values.Length];
            for (int i = 0; i < numbers.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                numbers[i] = Value(intervals, row, answer.TermsOf(shown), values[i]);
            }

            rows.Add(new AnswerTableRow(ImmutableCollectionsMarshal.AsImmutableArray(texts), ImmutableCollectionsMarshal.AsImmutableArray(numbers)));
        }

        return new AnswerTable([.. keys.Select(i => _columns[i].Name)], [.. values.Select(i => _columns[i].Name)], rows.DrainToImmutable());
    }

    // The places of the rows that are shown, in the order in which they are.
    private IEnumerable<int> Shown(ImmutableArray<AnswerRow> rows)
    {
        IEnumerable<int> shown = Enumerable.Range(0, rows.Length);
        if (_asked.Having is not null || _asked.OrderBy.Length > 0)
        {
            ColumnValue[][] cells = [.. rows.Select(r => _columns.Select((_, i) => Cell(r, i)).ToArray())];
            if (_asked.Having is { } having)
                shown = shown.Where(r => ColumnArithmetic.Holds(having, name => cells[r][IndexOf(name)]));
            if (_asked.OrderBy.Length > 0)
                shown = shown.Order(Comparer<int>.Create((x, y) => Compare(cells[x], cells[y])));
        }

        shown = shown.Skip(_asked.Offset);
        return _asked.Limit is { } limit ? shown.Take(limit) : shown;
    }

    private ColumnValue Cell(AnswerRow row, int column) => _places[column] switch
    {
        { Key: { } key } => _released.Key(row, key),
        { Number: { } number } => ColumnValue.Of(row.Values[number].Value),
        _ => ColumnArithmetic.Value(_columns[column].Value, name => _released.Of(row, name)),
    };

    private ShownValue? Value(ColumnIntervals intervals, AnswerRow row, int terms, int column)
    {
        if (_places[column].Number is { } place)
        {
            AnswerValue value = row.Values[place];
            return new ShownValue(value.Value, value.Margin95, value.Low, value.High);
        }

        if (Cell(row, column).Number is not { } number)
            return null;
        return intervals.Of(_columns[column].Value, row, terms) is { } interval
            ? new ShownValue(number, null, interval.Low, interval.High)
            : new ShownValue(number, null, null, null);
    }

    private int Compare(ColumnValue[] x, ColumnValue[] y)
    {
        foreach (AnswerOrder order in _asked.OrderBy)
        {
            int column = IndexOf(order.Column);
            int compared = ColumnValue.Compare(x[column], y[column], order.Descending);
            if (compared != 0)
                return compared;
        }

        return 0;
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < _columns.Length; i++)
        {
            if (_columns[i].Name == name)
                return i;
        }

        return -1;
    }

    private void Check()
    {
        if (_asked.Columns.Length > QueryLimits.MaxColumns)
            throw Refuse($"An answer has at most {QueryLimits.MaxColumns} columns.", "$.columns");
        for (int i = 0; i < _columns.Length; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"$.columns[{i}]");
            string name = _columns[i].Name;
            if (!_asked.Columns.IsDefaultOrEmpty && IndexOf(GivenName.Check(name, path)) != i)
                throw Refuse("Each column needs a name of its own.", path + ".name");
            if (_columns[i].Value is ConstantExpression { Value.Kind: not LiteralKind.Number })
                throw Refuse("A column is made of keys and measures: this is known already, so leave it out.", path);
            ColumnArithmetic.CheckValue(_columns[i].Value, _released.Kind, path);
        }

        if (_asked.Having is { } having)
            ColumnArithmetic.CheckCondition(having, name => IndexOf(name) is >= 0 and int i ? KindOf(i) : null, "$.having");
        foreach (AnswerOrder order in _asked.OrderBy)
        {
            if (IndexOf(order.Column) < 0)
                throw new QueryRefusedException(SqlRefusalCodes.NotReleased, "The answer is ordered by its columns.", "$.order_by");
        }
    }

    private ValueKind KindOf(int column) => _places[column].Key is { } key ? _released.KindOf(key) : ValueKind.Number;

    private static QueryRefusedException Refuse(string detail, string path) => new(RefusalCodes.InvalidQuery, detail, path);
}
