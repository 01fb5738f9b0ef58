using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Resolves what a question reads, from the catalog alone.</summary>
/// <param name="find">The dataset of a name; refuses an unknown one at the path given.</param>
/// <param name="calendar">The question's zone.</param>
/// <param name="range">When.</param>
internal sealed class SourcePlanner(Func<string, string, Dataset> find, ZoneCalendar calendar, TimeRange range)
{
    private int _read;

    public PlannedSource Plan(Source source, string path)
    {
        if (source is not JoinSource)
            Count(path);
        return source switch
        {
            DatasetSource table => new PlannedTable(Private(table.Name, path), range),
            JoinSource join => Join(join, path),
            SubjectSource subjects => new SubjectPlanner(Plan(subjects.Source, path), calendar, range).Plan(subjects, path),
            _ => new BehaviourPlanner(new PlannedTable(Private(source.Dataset, path), range), calendar, range).Plan(source, path),
        };
    }

    private void Count(string path)
    {
        if (++_read > QueryLimits.MaxSources)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A question reads at most {QueryLimits.MaxSources} sources.", path);
    }

    // Rows about nobody have no subject to bound, so no answer is made of them alone.
    private Dataset Private(string name, string path)
    {
        string place = path == "$" ? "$.dataset" : path;
        Dataset dataset = find(name, place);
        return dataset.IsPublic
            ? throw new QueryRefusedException(RefusalCodes.JoinNotAllowed, "This dataset is about nobody: it can only be the second side of a join with one that has subjects.", place)
            : dataset;
    }

    private PlannedJoin Join(JoinSource join, string path)
    {
        string place = join.Fragment ?? path + ".join";
        if (!Enum.IsDefined(join.Kind))
            throw new QueryRefusedException(RefusalCodes.JoinNotAllowed, "A join is \"inner\" or \"left\".", place);
        PlannedSource left = Plan(join.Left, path);
        string? leftAlias = join.Left is JoinSource ? null : Alias(join.Left, null);
        string rightAlias = Alias(join.Right, join.Alias);
        Dataset second = find(join.Right.Dataset, place);
        PlannedSource right = second.IsPublic ? Public(join, second, place) : OnSubject(join, left, second, place);
        SourceFields fields = new(Named(left.Schema, leftAlias));
        ImmutableArray<(bool Right, Field Of, Field As)>.Builder columns = ImmutableArray.CreateBuilder<(bool, Field, Field)>();
        AddFields(left.Schema, leftAlias, false);
        AddFields(right.Schema, rightAlias, true);
        if (fields.Schema.Fields.DistinctBy(f => f.Name).Count() != fields.Schema.Fields.Length)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Two sides have the same name: give one of them another by \"as\".", place);
        return new PlannedJoin(
            fields.Schema,
            left,
            right,
            join.Kind,
            columns.ToImmutable(),
            join.On is { } on ? Equal(join, on, (left.Schema, leftAlias), (right.Schema, rightAlias), place) : null,
            Units(left.Schema, range, second.IsPublic ? range : RangeOf(left.Schema, second, place)));

        void AddFields(Dataset rows, string? alias, bool isRight)
        {
            // A field that was only seen in traffic must change no plan: whoever asks twice would learn that it came.
            foreach (Field field in rows.Fields.Where(f => f.Visible && f.Role is not (FieldRole.Subject or FieldRole.Time)))
            {
                Field added = fields.Add(field, Name(alias, field.Name));
                if (field.Stored is not null)
                    columns.Add((isRight, field, added));
            }
        }
    }

    // The whole of a dataset about nobody: it has no time that means anything.
    private PlannedTable Public(JoinSource join, Dataset second, string place)
    {
        Count(place);
        if (join.On is null)
            throw new QueryRefusedException(RefusalCodes.JoinNotAllowed, "A dataset about nobody has no subject to join on: give \"on\" with a field of each side.", At(join, place, ".on"));
        return join.Right is DatasetSource
            ? new PlannedTable(second, null)
            : throw new QueryRefusedException(RefusalCodes.JoinNotAllowed, "A dataset about nobody is joined as it is.", place);
    }

    // What one unit has on both sides meets only itself, so that leaving it out takes away its own pairs and no others.
    private PlannedSource OnSubject(JoinSource join, PlannedSource left, Dataset second, string place)
    {
        if (join.On is not null)
        {
            throw new QueryRefusedException(
                RefusalCodes.JoinNotAllowed,
                "Datasets about subjects are joined on the subject alone: leave \"on\" out, and compare other fields in \"where\".",
                At(join, place, ".on"));
        }

        Dataset first = left.Schema;
        if (first.SubjectScope != second.SubjectScope || first.Unit != second.Unit || first.TimeZone != second.TimeZone)
            throw new QueryRefusedException(RefusalCodes.JoinNotAllowed, "Datasets are joined only if subject scope, privacy unit and time zone are the same.", place);
        SourcePlanner ranged = new(find, calendar, RangeOf(first, second, place)) { _read = _read };
        PlannedSource right = ranged.Plan(join.Right, place);
        _read = ranged._read;
        return BlockInterval.PeriodOf(first.Unit) is null || !(left.Couples || right.Couples)
            ? right
            : throw new QueryRefusedException(RefusalCodes.JoinNotAllowed, "Where the privacy unit is a period, a side that sums up whole subjects cannot be joined.", place);
    }

    // The second side is read whole; where the unit is a period, in the periods that the first side's range meets, which pay in full anyway.
    private TimeRange RangeOf(Dataset first, Dataset second, string place)
    {
        if (BlockInterval.PeriodOf(first.Unit) is not { } unit)
            return second.PublicRange;
        ZoneCalendar zone = ZoneCalendar.Of(first);
        PeriodGrid units = PeriodGrid.For(unit, zone, range.From, range.To, int.MaxValue)!;
        DateTime from = units.Starts[0] > second.PublicRange.From ? units.Starts[0] : second.PublicRange.From;
        DateTime to = units.End < second.PublicRange.To ? units.End : second.PublicRange.To;
        return from < to
            ? new TimeRange(from, to)
            : throw new QueryRefusedException(RefusalCodes.InvalidRange, "The range lies outside the second dataset's declared range.", place);
    }

    private static (Period Period, DayOffsets Left, DayOffsets Right)? Units(Dataset first, TimeRange left, TimeRange right)
    {
        if (BlockInterval.PeriodOf(first.Unit) is not { } unit)
            return null;
        ZoneCalendar zone = ZoneCalendar.Of(first);
        return (unit, DayOffsets.For(zone, left.From, left.To), DayOffsets.For(zone, right.From, right.To));
    }

    private static (Field Left, Field Right) Equal(
        JoinSource join, JoinColumns on, (Dataset Schema, string? Alias) left, (Dataset Schema, string? Alias) right, string place)
    {
        Field x = FieldUse.Filter(left.Schema, Resolve(left.Schema, left.Alias, on.Left), At(join, place, ".on.left"));
        Field y = FieldUse.Filter(right.Schema, Resolve(right.Schema, right.Alias, on.Right), At(join, place, ".on.right"));
        return x.Stored == y.Stored && x.Stored is StoredType.Text or StoredType.Int64 or StoredType.Boolean or StoredType.Date or StoredType.Uuid
            ? (x, y)
            : throw new QueryRefusedException(RefusalCodes.OperatorNotAllowed, "Only fields of one type are equal: text, whole numbers, true/false, dates or UUIDs.", At(join, place, ".on"));
    }

    // A piece of SQL is a place by itself.
    private static string At(JoinSource join, string place, string part) => join.Fragment is null ? place + part : place;

    private static string Resolve(Dataset rows, string? alias, string name) =>
        alias is not null && rows.Find(name) is null && name.StartsWith(alias + ".", StringComparison.Ordinal) ? name[(alias.Length + 1)..] : name;

    private static string Alias(Source source, string? given) => given ?? (source as DatasetSource)?.Alias ?? source.Dataset;

    private static Dataset Named(Dataset rows, string? alias) => rows with { Fields = [.. rows.Fields.Select(f => f with { Name = Name(alias, f.Name) })] };

    private static string Name(string? alias, string field) => alias is null ? field : $"{alias}.{field}";
}
