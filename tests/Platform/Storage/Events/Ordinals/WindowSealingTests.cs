using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using DuckDB.NET.Data;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Planning;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events.Ordinals;

public sealed class WindowSealingTests : IDisposable
{
    // Subjects of one history have numbers of their own, so that hundreds of them share a table.
    private const int SubjectsPerHistory = 10;

    private readonly OrdinalDatabase _database = new();

    public static TheoryData<PrivacyUnit, string> UnitsAndZones
    {
        get
        {
            TheoryData<PrivacyUnit, string> data = [];
            foreach (PrivacyUnit unit in Enum.GetValues<PrivacyUnit>())
            {
                data.Add(unit, "Europe/Vienna");
                data.Add(unit, "America/St_Johns");
            }

            return data;
        }
    }

    public void Dispose() => _database.Dispose();

    [Theory]
    [MemberData(nameof(UnitsAndZones))]
    public async Task Histories_get_the_ordinals_of_the_model_and_one_unit_moves_no_sum_by_more_than_the_bound(PrivacyUnit unit, string zone)
    {
        TimeZoneInfo zoneInfo = TimeZoneInfo.FindSystemTimeZoneById(zone);
        ImmutableArray<OrdinalHistory> histories = Histories(unit, zoneInfo, 50);
        Dataset with = _database.Declare(1, unit, zone);
        Dataset without = _database.Declare(2, unit, zone);
        ImmutableArray<OrdinalModel.Row> rows = [.. histories.SelectMany(h => h.Rows)];
        await RunAsync(with, rows, zoneInfo);
        await RunAsync(without, [.. histories.SelectMany(h => h.Others)], zoneInfo);

        Dictionary<OrdinalModel.Row, OrdinalModel.Ordinals> expected = new OrdinalModel(OrdinalDatabase.Key).Run(rows, OrdinalHistory.Ticks);
        Dictionary<int, OrdinalModel.Ordinals?> ordinals = _database.Ordinals(with);
        Assert.Equal(rows.Count(r => r.Deleted is null), ordinals.Count);
        Assert.NotEmpty(expected);
        Assert.All(expected, e => Assert.Equal(e.Value, ordinals[e.Key.Number]));
        Assert.Equal(expected.Count, ordinals.Values.Count(o => o is not null));

        OrdinalCase.Generator(unit).Array[12].Sample(
            questions =>
            {
                foreach (OrdinalCase question in questions)
                {
                    Dictionary<(long History, string Cell), long> before = Sums(without, question), after = Sums(with, question);
                    ILookup<long, long> changes = after.Keys.Union(before.Keys)
                        .ToLookup(c => c.History, c => after.GetValueOrDefault(c) - before.GetValueOrDefault(c));
                    Assert.All(changes, c => Assert.True(question.Within(question.Bounds, c)));
                }
            },
            iter: 1,
            threads: 1);
    }

    [Fact]
    public async Task Ordinals_are_the_same_however_rows_are_batched_between_two_ticks_and_whoever_else_is_there()
    {
        TimeZoneInfo zone = TimeZoneInfo.Utc;
        ImmutableArray<OrdinalHistory> histories = Histories(PrivacyUnit.Subject, zone, 6);
        Dataset together = _database.Declare(1);
        await RunAsync(together, [.. histories.SelectMany(h => h.Rows)], zone);
        Dictionary<int, OrdinalModel.Ordinals?> expected = _database.Ordinals(together);
        Dataset split = _database.Declare(2);
        await RunAsync(split, [.. histories.SelectMany(h => h.Rows)], zone, batch: 3);
        Assert.Equal(expected.OrderBy(o => o.Key), _database.Ordinals(split).OrderBy(o => o.Key));
        for (int i = 0; i < 3; i++)
        {
            Dataset alone = _database.Declare(3 + i);
            await RunAsync(alone, histories[i].Rows, zone);
            Assert.All(_database.Ordinals(alone), o => Assert.Equal(expected[o.Key], o.Value));
        }
    }

    [Fact]
    public async Task Ordinals_saturate_at_the_largest_of_their_type()
    {
        Dataset dataset = _database.Declare(1);
        await SettleAndSealAsync(dataset, [Row(0)]);
        _database.Session.Run($"UPDATE {EventTable.Name(dataset)} SET row_in_window = {int.MaxValue - 1}, group_in_window = {int.MaxValue - 1}, row_in_group = {int.MaxValue - 1}");
        await SettleAndSealAsync(dataset, [Row(1), Row(2), Row(3, action: "look"), Row(4, action: "say")]);
        Dictionary<int, OrdinalModel.Ordinals?> ordinals = _database.Ordinals(dataset);
        Assert.Equal(new(int.MaxValue, int.MaxValue - 1, int.MaxValue), ordinals[1]);
        Assert.Equal(new(int.MaxValue, int.MaxValue - 1, int.MaxValue), ordinals[2]);
        Assert.Equal(new(int.MaxValue, int.MaxValue, 1), ordinals[3]);
        Assert.Equal(new(int.MaxValue, int.MaxValue, 1), ordinals[4]);
    }

    [Fact]
    public async Task A_place_that_two_rows_have_is_refused_and_nothing_is_ranked()
    {
        Dataset dataset = _database.Declare(1);
        await SettleAndSealAsync(dataset, [Row(0), Row(1), Row(2, subject: 2), Row(3, subject: 2)]);
        _database.Session.Run($"UPDATE {EventTable.Name(dataset)} SET row_in_window = 1 WHERE subject = 1");
        // Whoever has no rows to rank is not read again.
        await SettleAndSealAsync(dataset, [Row(4, subject: 2)]);
        _database.Settle(dataset, [Row(5), Row(6, subject: 2)]);
        await Assert.ThrowsAsync<StorageFailureException>(() => _database.SealAsync(dataset, Later));
        Assert.Equal([5, 6], _database.Ordinals(dataset).Where(o => o.Value is null).Select(o => o.Key).Order());
    }

    [Theory]
    // A night of 23 hours and one of 25; Monday follows on both.
    [InlineData("2024-03-30T22:59:59Z", "2024-03-30T23:00:00Z")]
    [InlineData("2024-03-31T21:59:59Z", "2024-03-31T22:00:00Z")]
    [InlineData("2024-10-26T21:59:59Z", "2024-10-26T22:00:00Z")]
    [InlineData("2024-10-27T22:59:59Z", "2024-10-27T23:00:00Z")]
    public async Task Days_are_cut_where_the_zones_clocks_cut_them(string last, string first)
    {
        Dataset dataset = _database.Declare(1, PrivacyUnit.SubjectPerDay, "Europe/Vienna");
        await SettleAndSealAsync(dataset, [Row(0, time: last), Row(1, time: last), Row(2, time: first)]);
        Dictionary<int, OrdinalModel.Ordinals?> ordinals = _database.Ordinals(dataset);
        Assert.Equal([1, 2, 1], ordinals.OrderBy(o => o.Key).Select(o => o.Value!.Value.RowInWindow));
    }

    [Fact]
    public async Task A_dataset_without_an_action_of_its_own_ranks_by_day_alone()
    {
        Dataset dataset = _database.Declare(1, name: "visits");
        Assert.Null(dataset.CanonicalDimension);
        await SettleAndSealAsync(dataset, [Row(0, action: "buy"), Row(1, action: "look"), Row(2, action: "look", time: "2024-02-11T00:00:00Z")]);
        Dictionary<int, OrdinalModel.Ordinals?> ordinals = _database.Ordinals(dataset);
        Assert.Equal([1, 2, 1], ordinals.OrderBy(o => o.Key).Select(o => o.Value!.Value.RowInGroup));
        Assert.Equal([1, 2], ordinals.Values.Select(o => o!.Value.GroupInWindow).Distinct().Order());
    }

    [Fact]
    public async Task Groups_survive_a_bound_evenly_over_the_days_of_a_window_and_otherwise_under_another_secret()
    {
        Dataset[] datasets = [_database.Declare(1), _database.Declare(2, key: "another")];
        DateTime start = new(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        // 300 people with a row on each of 30 days, in order: of 15 groups kept, first appearance would keep none of the last day's.
        OrdinalModel.Row[] rows = [.. Enumerable.Range(0, 300 * 30).Select(i => Row(i, subject: i % 300, time: Text(start.AddDays(i / 300))))];
        foreach (Dataset dataset in datasets)
            await SettleAndSealAsync(dataset, rows);
        long Kept(int day) => _database.Session.Number(
            $"SELECT count(*) FROM {EventTable.Name(datasets[0])} WHERE group_in_window <= 15 AND CAST(event_time AS DATE) = DATE '2024-03-01' + {day}");
        // Binomial(300, 1/2) under a fixed secret: 100 to 200 is within 5.7 standard deviations.
        Assert.InRange(Kept(0), 100, 200);
        Assert.InRange(Kept(29), 100, 200);
        Assert.NotEqual(_database.Ordinals(datasets[0]), _database.Ordinals(datasets[1]));
    }

    [Fact]
    public async Task A_sealing_that_breaks_off_leaves_nothing_and_the_next_gives_what_it_would_have_given()
    {
        Dataset dataset = _database.Declare(1);
        Dataset whole = _database.Declare(2);
        OrdinalModel.Row[] rows = [.. Enumerable.Range(0, 20).Select(i => Row(i, subject: i % 3, action: "a" + (i % 5)))];
        _database.Settle(dataset, rows);
        await using (DuckDBTransaction transaction = _database.Session.Connection.BeginTransaction())
        {
            await WindowSealing.SealAsync(_database.Session.Connection, dataset, Later, 1, TestContext.Current.CancellationToken);
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        Assert.All(_database.Ordinals(dataset).Values, o => Assert.Null(o));
        Assert.Equal(0, _database.Session.Number($"SELECT count(*) FROM {OrdinalSeal.Table} WHERE dataset_id = 1 AND sealed_through > 0"));
        await _database.SealAsync(dataset, Later);
        await SettleAndSealAsync(whole, rows);
        Assert.Equal(_database.Ordinals(whole).OrderBy(o => o.Key), _database.Ordinals(dataset).OrderBy(o => o.Key));
    }

    [Fact]
    public void The_statements_keep_to_the_shape_that_a_distributed_engine_runs_in_its_shards()
    {
        Dataset dataset = _database.Declare(1, PrivacyUnit.SubjectPerWeek, "Europe/Vienna");
        TimeRange range = new(new DateTime(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2024, 6, 1, 0, 0, 0, DateTimeKind.Utc));
        string sql = new OrdinalStatements(dataset, OrdinalSeal.DimensionOf(dataset), range, DayOffsets.For(new ZoneCalendar(TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna")), range.From, range.To), long.MaxValue).Rank();
        Assert.Equal(sql.Split("PARTITION BY ").Length, sql.Split("PARTITION BY subject, ").Length);
        Assert.Equal(4, sql.Split("PARTITION BY ").Length);
        foreach (string word in new[] { "WITH ", "LIMIT", "QUALIFY", "hash(", "rowid", "USING", "::", OrdinalDatabase.Key })
            Assert.DoesNotContain(word, sql, StringComparison.Ordinal);
    }

    private static DateTime Later { get; } = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static OrdinalModel.Row Row(int number, long subject = 1, string? action = "buy", string time = "2024-02-10T12:00:00Z") =>
        new(number, subject, 0, 0, action, "Graz", 1, 0, 0, null, DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));

    // Many histories whose rows are mixed with one another, as they are in a store.
    private static ImmutableArray<OrdinalHistory> Histories(PrivacyUnit unit, TimeZoneInfo zone, int count)
    {
        ImmutableArray<OrdinalHistory> histories = [];
        OrdinalHistory.Generator(unit, zone).Array[LongRuns.Times(count, 40)].Sample(
            made => histories = [.. made.Select((h, i) => Moved(h, i, made.Length))],
            iter: 1,
            threads: 1);
        return histories;
    }

    private static OrdinalHistory Moved(OrdinalHistory history, int number, int count)
    {
        HashSet<int> unit = [.. history.Unit.Select(r => r.Number)];
        ImmutableArray<OrdinalModel.Row> rows =
            [.. history.Rows.Select(r => r with { Subject = (number * SubjectsPerHistory) + r.Subject, Number = (r.Number * count) + number })];
        return new OrdinalHistory(rows, [.. rows.Where(r => unit.Contains(r.Number / count))]);
    }

    private async Task SettleAndSealAsync(Dataset dataset, IEnumerable<OrdinalModel.Row> rows)
    {
        _database.Settle(dataset, rows);
        await _database.SealAsync(dataset, Later);
    }

    private async Task RunAsync(Dataset dataset, IReadOnlyList<OrdinalModel.Row> rows, TimeZoneInfo zone, int batch = int.MaxValue)
    {
        for (int tick = 0; tick < OrdinalHistory.Ticks; tick++)
        {
            _database.Erase(dataset, [.. rows.Where(r => r.Deleted == tick).Select(r => r.Subject).Distinct()]);
            OrdinalModel.Row[] fresh = [.. rows.Where(r => r.Tick == tick).OrderBy(r => r.Number)];
            foreach (OrdinalModel.Row[] frame in fresh.Chunk(Math.Min(batch, Math.Max(1, fresh.Length))))
                _database.Settle(dataset, frame);
            DateTime asOf = OrdinalHistory.TickTime(dataset.Unit, zone, tick);
            await _database.SealAsync(dataset, asOf);
            await _database.SealAsync(dataset, asOf);
        }
    }

    private Dictionary<(long History, string Cell), long> Sums(Dataset dataset, OrdinalCase question)
    {
        Dictionary<(long, string), long> sums = [];
        string day = $"CAST(CAST(timezone('{dataset.TimeZone}', timezone('UTC', event_time)) AS DATE) AS VARCHAR)";
        (string action, string city) = (OrdinalDatabase.Column("action"), OrdinalDatabase.Column("city"));
        string cell = question.Keys switch
        {
            OrdinalCase.Grouping.Everything => "''",
            OrdinalCase.Grouping.Window => Window(dataset, day),
            OrdinalCase.Grouping.Day => day,
            OrdinalCase.Grouping.Action => action,
            OrdinalCase.Grouping.DayAndAction or OrdinalCase.Grouping.DayAndOneAction => $"{day} || {action}",
            OrdinalCase.Grouping.City => city,
            OrdinalCase.Grouping.DayActionAndCity => $"{day} || {action} || {city}",
            _ => throw new InvalidOperationException(),
        };
        using DuckDBCommand command = _database.Session.Command(
            $"""
            SELECT subject // {SubjectsPerHistory}, {cell}, {(question.Counts ? "count(*)" : $"CAST(sum({OrdinalDatabase.Column("value")}) AS BIGINT)")}
            FROM {EventTable.Name(dataset)} WHERE {question.Filter(OrdinalDatabase.Column)} GROUP BY ALL
            """);
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
            sums[(reader.GetInt64(0), reader.GetString(1))] = reader.GetInt64(2);
        return sums;
    }

    private static string Window(Dataset dataset, string day) => dataset.Unit switch
    {
        PrivacyUnit.SubjectPerDay => day,
        PrivacyUnit.SubjectPerWeek => $"CAST(date_trunc('week', CAST({day} AS DATE)) AS VARCHAR)",
        _ => $"left({day}, 7)",
    };
}
