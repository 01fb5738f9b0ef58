using System.Collections.Immutable;
using System.Globalization;

namespace Opaline.Analytics;

/// <summary>A presentation whose names are resolved. What is wrong with it is found before anything is charged.</summary>
internal sealed class PlannedPresentation
{
    private const int MaxName = 64;

    private readonly QueryPlan _plan;
    private readonly Presentation _asked;
    private readonly ImmutableArray<AnswerColumn> _columns;
    private readonly ReleasedValues _released;

    private PlannedPresentation(QueryPlan plan, Presentation asked)
    {
        _plan = plan;
        _asked = asked;
        _released = new ReleasedValues(plan);
        _columns = asked.Columns.IsDefaultOrEmpty ? _released.All : [.. asked.Columns.SelectMany(_released.Expand)];
    }

    /// <exception cref="QueryRefusedException">It names what the plan does not release.</exception>
    public static PlannedPresentation Of(QueryPlan plan, Presentation? presentation)
    {
        PlannedPresentation planned = new(plan, presentation ?? new Presentation());
        planned.Check();
        return planned;
    }

    /// <summary>The answer as it is shown. A release may have been made under other names, which are no part of what was released, and with other noise.</summary>
    public Answer Show(Answer answer) => answer with { Table = Table(answer), Plan = Named(answer.Plan) };

    /// <summary>A dry run under the names that were asked for.</summary>
    public QueryPlanView Named(QueryPlanView view) => view with { Plan = Named(view.Plan) };

    private PlanSummary Named(PlanSummary plan) => plan with
    {
        Keys = [.. plan.Keys.Zip(_plan.Keys, (k, named) => k with { Name = named.Name })],
        Measures = [.. plan.Measures.Zip(_plan.Measures, (m, named) => m with { Name = named.Name })],
    };

    private AnswerTable Table(Answer answer)
    {
        ColumnIntervals intervals = new(_released, answer.Plan);
        ImmutableArray<int> keys = [.. Enumerable.Range(0, _columns.Length).Where(i => _released.IsKey(_columns[i].Value))];
        ImmutableArray<int> values = [.. Enumerable.Range(0, _columns.Length).Except(keys)];
        IEnumerable<(AnswerRow Row, int Terms, ColumnValue[] Cells)> shown = answer.Rows.Select((r, i) => (r, answer.TermsOf(i), Cells(r)));
        if (_asked.Having is { } having)
            shown = shown.Where(s => ColumnArithmetic.Holds(having, name => s.Cells[IndexOf(name)]));
        if (_asked.OrderBy.Length > 0)
            shown = shown.Order(Comparer<(AnswerRow Row, int Terms, ColumnValue[] Cells)>.Create((x, y) => Compare(x.Cells, y.Cells)));
        shown = shown.Skip(_asked.Offset);
        if (_asked.Limit is { } limit)
            shown = shown.Take(limit);
        return new AnswerTable(
            [.. keys.Select(i => _columns[i].Name)],
            [.. values.Select(i => _columns[i].Name)],
            [.. shown.Select(s => new AnswerTableRow([.. keys.Select(i => s.Cells[i].Text!)], [.. values.Select(i => Value(intervals, s.Row, s.Terms, _columns[i].Value, s.Cells[i]))]))]);
    }

    private ColumnValue[] Cells(AnswerRow row) => [.. _columns.Select(c => ColumnArithmetic.Value(c.Value, name => _released.Of(row, name)))];

    private ShownValue? Value(ColumnIntervals intervals, AnswerRow row, int terms, Expression expression, ColumnValue cell)
    {
        if (cell.Number is not { } number)
            return null;
        if (_released.Number(row, expression) is { } value)
            return new ShownValue(value.Value, value.Margin95, value.Low, value.High);
        return intervals.Of(expression, row, terms) is { } interval
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
            if (!_asked.Columns.IsDefaultOrEmpty && (name.Length is 0 or > MaxName || name.Any(char.IsControl)))
                throw Refuse($"A name has 1 to {MaxName} characters, none of them a control character.", path + ".name");
            if (!_asked.Columns.IsDefaultOrEmpty && IndexOf(name) != i)
                throw Refuse("Each column needs a name of its own.", path + ".name");
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

    private ColumnKind KindOf(int column) => _released.IsKey(_columns[column].Value) ? ColumnKind.Key : ColumnKind.Number;

    private static QueryRefusedException Refuse(string detail, string path) => new(RefusalCodes.InvalidQuery, detail, path);
}
