using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// Reads joins: of two private sides on the subject, and of a private one with a dataset about nobody on a field of each. Other conditions of an inner join
/// are conditions on its pairs.
/// </summary>
internal sealed class SqlJoins(Func<string, Dataset?> find, SqlConditions conditions)
{
    /// <summary>Which rows are kept; and whether the second side, whose rows are kept, comes first.</summary>
    public JoinKind KindOf(SqlNode join, out bool turned)
    {
        join.Only("left", "right", "condition", "join_type", "ref_type", "using_columns");
        turned = join.Text("join_type") == "RIGHT";
        return (join.Text("ref_type"), join.Text("join_type")) switch
        {
            ("REGULAR", "INNER") => JoinKind.Inner,
            ("REGULAR", "LEFT" or "RIGHT") => JoinKind.Left,
            ("REGULAR", "FULL") => throw join.Refuse(
                SqlRefusalCodes.JoinNotSupported, "What only the second side has is not kept beside the first: ask by LEFT JOIN, and for the other side in a question of its own.", "LEFT JOIN"),
            ("REGULAR", _) => throw join.Refuse(
                SqlRefusalCodes.JoinNotSupported,
                "Whether rows meet any is asked by a join with one row per subject.",
                "JOIN (SELECT subject, count(*) AS n FROM … GROUP BY subject) t USING (subject)"),
            _ => throw join.Refuse(
                SqlRefusalCodes.JoinNotSupported, "A join says by ON or USING what is equal: the subject, or a field of a dataset about nobody.", Rewritten(join)),
        };
    }

    /// <summary>The pairs of rows.</summary>
    public SqlRows Join(SqlNode join, SqlRows first, SqlRows second, JoinKind kind)
    {
        Check(join, first, second, kind);
        string firstName = first.Source is DatasetSource ? first.Alias ?? first.Dataset.Name : first.Dataset.Name;
        ImmutableArray<string> taken = first.Source is JoinSource ? NamesOf(first.Source) : [firstName];
        string secondName = SqlNames.Free(second.Alias ?? second.Dataset.Name, n => taken.Contains(n));
        SqlJoinSide left = new(first, first.Source is JoinSource ? null : firstName);
        SqlJoinSide right = new(second, secondName);
        ImmutableArray<string> merged = [.. join.List("using_columns").Select(c => c.Element.GetString()!)];
        List<SqlNode> rest = join.Find("condition") is { } on ? [.. SqlExpressions.Parts(on)] : [];
        JoinColumns? equal = null;
        if (second.Dataset.IsPublic)
            equal = OnFields(join, left, right, merged, rest);
        else
            CheckSubject(join, left, right, merged, rest);
        if (kind == JoinKind.Left && rest.Count > 0)
        {
            throw rest[0].Refuse(
                SqlRefusalCodes.JoinCondition, "Rows that meet none are kept, so ON says only what is equal: put this into WHERE, or ask for an inner join.", "WHERE …");
        }

        SqlRows pairs = new(
            first.Dataset,
            new JoinSource(Aliased(first.Source, firstName), Aliased(second.Source, secondName), kind, equal, second.Source is DatasetSource ? null : secondName) { Fragment = join.Place },
            left.Named(first.Subject),
            left.Named(first.Time))
        {
            Columns = [.. left.Columns, .. right.SecondColumns(kind, left.Named(first.Subject), merged)],
            Where = [.. first.Where.Select(left.Named), .. second.Where.Select(right.Named)],
            Numbers = [.. first.Numbers.Select(left.Named), .. second.Numbers.Select(right.Named)],
            Ranged = first.Ranged,
        };
        return rest.Aggregate(pairs, (rows, part) => conditions.Where(part, rows));
    }

    private static void Check(SqlNode join, SqlRows first, SqlRows second, JoinKind kind)
    {
        if (second.Source is JoinSource)
        {
            throw join.Refuse(
                SqlRefusalCodes.JoinNotSupported, "The second side is a dataset, or one row per subject, and no join: join one after the other.", "a JOIN b USING (…) JOIN c USING (…)");
        }

        if (first.Dataset.IsPublic)
            throw join.Refuse(RefusalCodes.JoinNotAllowed, "The side whose rows are kept has subjects; the other may be about nobody.");
        if (second.Dataset.IsPublic && second.Source is not DatasetSource)
            throw join.Refuse(RefusalCodes.JoinNotAllowed, "A dataset about nobody is joined as it is.");
        if (kind == JoinKind.Left && !second.Where.IsEmpty)
        {
            throw join.Refuse(
                SqlRefusalCodes.JoinCondition, "Rows that meet none are kept, so no condition stands on the second side alone: put it into WHERE, or ask for an inner join.", "JOIN");
        }

        if (second.Where.Any(c => SqlJoinSide.Mentions(c, second.Time)))
            throw join.Refuse(SqlRefusalCodes.TimeCondition, "The time of a pair is that of its first row: let the dataset whose time is asked about come first.");
    }

    // Takes the equality of the subject, and where the unit is a period that of the period, out of what is left.
    private static void CheckSubject(SqlNode join, SqlJoinSide left, SqlJoinSide right, ImmutableArray<string> merged, List<SqlNode> rest)
    {
        string subjects = $"ON {left.Sql(left.Rows.Subject)} = {right.Sql(right.Rows.Subject)}";
        bool met = merged is [string only] ? AreSubjects(left.Field(only), right.Field(only)) : merged.IsEmpty;
        if (merged.IsEmpty)
            met = rest.RemoveAll(p => Sides(p) is var (x, y) && (AreSubjects(left.Field(x), right.Field(y)) || AreSubjects(left.Field(y), right.Field(x)))) > 0;
        if (!met)
        {
            throw join.Refuse(
                SqlRefusalCodes.JoinNotOnSubject, "Datasets about subjects are joined on the subject: other columns are compared beside it in ON, or in WHERE.", subjects);
        }

        if (BlockInterval.PeriodOf(left.Rows.Dataset.Unit) is not { } unit)
            return;
        string period = QueryWords.Of(unit);
        if (rest.RemoveAll(p => Sides(p) is var (x, y) && (ArePeriods(x, y) || ArePeriods(y, x))) == 0)
        {
            throw join.Refuse(
                SqlRefusalCodes.JoinNotOnSubject,
                $"The privacy unit here is a subject in one {period}: rows meet inside a {period}, and ON says so.",
                $"{subjects} AND date_trunc('{period}', {left.Sql(left.Rows.Time)}) = date_trunc('{period}', {right.Sql(right.Rows.Time)})");
        }

        bool AreSubjects(FieldExpression? x, FieldExpression? y) => x?.Name == left.Rows.Subject && y?.Name == right.Rows.Subject;

        bool ArePeriods(SqlNode x, SqlNode y) => Truncated(x, left)?.Name == left.Rows.Time && Truncated(y, right)?.Name == right.Rows.Time;

        FieldExpression? Truncated(SqlNode node, SqlJoinSide side) =>
            (node.IsFunction("date_trunc") || node.IsFunction("datetrunc")) && node.List("children") is [SqlNode word, SqlNode time]
                && string.Equals(SqlConstants.TryText(word), period, StringComparison.OrdinalIgnoreCase)
                ? side.Field(time)
                : null;
    }

    // Takes the first equality of a field of each side out of what is left.
    private static JoinColumns OnFields(SqlNode join, SqlJoinSide left, SqlJoinSide right, ImmutableArray<string> merged, List<SqlNode> rest)
    {
        if (merged is [string only] && Columns(left.Field(only), right.Field(only)) is { } shared)
            return shared;
        foreach (SqlNode part in rest)
        {
            if (Sides(part) is var (x, y) && (Columns(left.Field(x), right.Field(y)) ?? Columns(left.Field(y), right.Field(x))) is { } columns)
            {
                rest.Remove(part);
                return columns;
            }
        }

        throw join.Refuse(SqlRefusalCodes.JoinCondition, "A dataset about nobody is joined by = on one column of each side, as they are.", "ON a.x = b.x");

        JoinColumns? Columns(FieldExpression? x, FieldExpression? y) =>
            x is null || y is null || x.Name == left.Rows.Subject || x.Name == left.Rows.Time || y.Name == right.Rows.Subject || y.Name == right.Rows.Time
                ? null
                : new JoinColumns(left.Named(x.Name), right.Named(y.Name));
    }

    private static (SqlNode X, SqlNode Y)? Sides(SqlNode part) =>
        part is { Class: "COMPARISON", Type: "COMPARE_EQUAL" } ? (part.Get("left"), part.Get("right")) : null;

    private static Source Aliased(Source source, string name) =>
        source is DatasetSource dataset ? dataset with { Alias = name == dataset.Name ? null : name } : source;

    private static ImmutableArray<string> NamesOf(Source source) => source switch
    {
        JoinSource join => [.. NamesOf(join.Left), join.Alias ?? NamesOf(join.Right)[0]],
        DatasetSource dataset => [dataset.Alias ?? dataset.Name],
        _ => [source.Dataset],
    };

    // Two datasets by name, and their subject.
    private string? Rewritten(SqlNode join)
    {
        SqlNode[] sides = [join.Get("left"), join.Get("right")];
        Dataset?[] datasets = [.. sides.Select(s => s.Type == "BASE_TABLE" ? find((s.Text("table_name") ?? "").ToLowerInvariant()) : null)];
        if (datasets is not [{ IsPublic: false } x, { IsPublic: false } y])
            return null;
        string[] names = [.. sides.Select(s => SqlJoinSide.Quoted(s.Alias.Length > 0 ? s.Alias : s.Text("table_name")!))];
        string[] tables = [.. sides.Zip(names, (s, n) => SqlJoinSide.Quoted(s.Text("table_name")!) is var table && table == n ? n : $"{table} {n}")];
        return $"{tables[0]} JOIN {tables[1]} ON {names[0]}.{SqlJoinSide.Quoted(x.Subject.Name)} = {names[1]}.{SqlJoinSide.Quoted(y.Subject.Name)}";
    }
}
