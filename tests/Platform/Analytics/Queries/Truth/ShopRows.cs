using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Queries.Truth;

/// <summary>One filling of the shop, beside which the other datasets of the corpus are always the same. All of its actions come up inside the declared range, and <see cref="Stranger"/> is its one action outside of the public domain.</summary>
/// <param name="Zone">The dataset's zone.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record ShopRows(string Zone, ImmutableArray<ShopRow> Rows)
{
    /// <summary>The subject of <see cref="Skewed"/> that has far more rows than all others.</summary>
    public const long Heavy = 1;

    public const string Stranger = "other";

    private const int Customers = 500;
    private const int HeavyRows = 240;

    private static readonly string?[] Cities = ["Wien", "Wien", "Wien", "Wien", "Graz", "Graz", "Linz", "Ünterach", "Wieselburg", "", null];
    private static readonly string?[] Actions = ["buy", "buy", "buy", "look", "look", "return", Stranger, null];

    // Both sides of every edge and constant of the corpus: ends of the range, dates in UTC and Vienna, the hour that is skipped, the hour that comes twice.
    private static readonly string[] Edges =
    [
        "2023-12-31T23:59:59.999999Z", "2024-01-01T00:00:00Z", "2024-12-31T23:59:59.999999Z", "2025-01-01T00:00:00Z",
        "2024-01-31T22:59:59.999999Z", "2024-01-31T23:00:00Z", "2024-01-31T23:59:59.999999Z", "2024-02-01T00:00:00Z", "2024-02-01T10:00:00Z",
        "2024-02-02T09:59:59.999999Z", "2024-02-02T10:00:00Z", "2024-02-10T00:00:00Z", "2024-02-29T12:00:00Z", "2024-02-29T23:30:00Z", "2024-03-01T00:00:00Z",
        "2024-03-31T00:59:59.999999Z", "2024-03-31T01:00:00Z", "2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z", "2024-10-26T21:59:59Z", "2024-10-26T22:00:00Z",
    ];

    public static ShopRows Of(string name) => name switch
    {
        "random" => Random(),
        "skewed" => Skewed(),
        "purchases" => Purchases(),
        _ => throw new ArgumentException("There is no such filling.", nameof(name)),
    };

    private int MostRows => Rows.GroupBy(r => r.Subject).Max(g => g.Count());

    /// <summary>Values of all kinds: missing ones, duplicates, ties, values on, between and beyond the steps of their grids, times around every edge.</summary>
    private static ShopRows Random()
    {
        List<ShopRow> rows = [.. Enumerable.Range(0, 400).Select(i => Row(i, 1 + (long)Dice(i, 0, 80)))];
        // The same again, but for the key of the event.
        rows.AddRange(rows.Take(20).ToArray());
        return new ShopRows("Europe/Vienna", [.. rows]);
    }

    /// <summary>One subject with more rows, days and values than all others, who have at most two rows each.</summary>
    private static ShopRows Skewed() => new(
        "America/New_York",
        [
            .. Enumerable.Range(0, HeavyRows).Select(i => Row(10_000 + i, Heavy)),
            .. Enumerable.Range(0, 240).Select(i => Row(20_000 + i, 2 + (i / 2))),
        ]);

    /// <summary>What customers of CDNOW bought in 1997 and 1998, 27 years later; the second half of 1998 lies beyond the declared range.</summary>
    private static ShopRows Purchases()
    {
        List<ShopRow> rows = [];
        foreach (string[] purchase in PublicData.Rows("cdnow.csv.gz").TakeWhile(p => int.Parse(p[0], CultureInfo.InvariantCulture) <= Customers))
        {
            long customer = long.Parse(purchase[0], CultureInfo.InvariantCulture);
            DateTime date = DateTime.SpecifyKind(DateTime.Parse(purchase[1], CultureInfo.InvariantCulture).AddYears(27), DateTimeKind.Utc);
            long units = long.Parse(purchase[2], CultureInfo.InvariantCulture);
            decimal dollars = decimal.Parse(purchase[3], CultureInfo.InvariantCulture);
            rows.Add(new ShopRow(
                customer,
                date.AddHours(customer % 24),
                ((customer + units) % 6) switch { 0 or 1 => "buy", 2 or 3 => "look", 4 => "return", _ => Stranger },
                dollars switch { 0 => null, < 15 => "Wien", < 25 => "Graz", < 60 => "Linz", _ => "Wieselburg" },
                (dollars / 10) - 2,
                units > 1,
                units,
                (double)dollars / 200,
                new DateOnly(1980 + (int)(customer % 20), 1 + (int)(customer % 12), 1 + (int)(customer % 28)),
                new Guid((int)(customer % 7), 0, 0, new byte[8]),
                date.AddYears(-1).AddHours(customer % 48)));
        }

        return new ShopRows("UTC", [.. rows]);
    }

    /// <summary>Rows of the corpus's other datasets, which have the fields of the shop: <c>visits</c> of some of its subjects, <c>days</c> of theirs, and <c>cities</c>, about nobody.</summary>
    public static ImmutableArray<ShopRow> Of(string name, ShopRows shop) => name switch
    {
        "shop" => shop.Rows,
        "visits" or "days" => [.. Enumerable.Range(0, 200).Select(i => Row(50_000 + i, 1 + (long)Dice(50_000 + i, 0, 120)))],
        "cities" => [.. Enumerable.Range(0, Cities.Length).Select(i => Row(60_000 + i, 1) with { City = Cities[i], Time = Shop.From.AddDays(i) })],
        _ => throw new ArgumentException("There is no such dataset.", nameof(name)),
    };

    /// <summary>The datasets of the corpus.</summary>
    public static ImmutableArray<string> Datasets { get; } = ["shop", "visits", "days", "cities"];

    /// <summary>Bounds that cut nobody: a unit's groups are made of its rows, and a join of two or three datasets multiplies these.</summary>
    public ContributionBounds Endless(bool joined) => new(MostRows, joined ? MostRows * MostRows * Cities.Length : MostRows);

#pragma warning disable CA5351 // A lot, no secret: the statements draw by the same hash.
    /// <summary>The same rows, but of each subject as many at most of those that the declared range shows: drawn by lot among its own, in the order in which they came.</summary>
    public ShopRows Drawn(int most) => this with
    {
        Rows =
        [
            .. Rows.Where(r => r.Time >= Shop.From && r.Time < Shop.To).GroupBy(r => r.Subject).SelectMany(
                own => own.Select((r, i) => (Row: r, Lot: Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes((i + 1).ToString(CultureInfo.InvariantCulture))))))
                    .OrderBy(x => x.Lot, StringComparer.Ordinal).Take(most).Select(x => x.Row)),
        ],
    };
#pragma warning restore CA5351

    /// <summary>Settles the rows of all datasets.</summary>
    public async Task SettleAsync(AnalyticsHost host)
    {
        foreach (string name in Datasets)
        {
            DatasetDeclaration declaration = Shop.Declaration(name == "days" ? PrivacyUnit.SubjectPerDay : PrivacyUnit.Subject, Zone, name);
            Dataset dataset = await host.DeclareAsync(name == "cities" ? declaration with { SubjectScope = Dataset.Nobody } : declaration);
            FrameColumn[] columns =
            [
                .. ((string[])["action", "city", "amount", "vip", "qty", "score", "born", "session", "seen"])
                    .Select(n => new FrameColumn(dataset.Find(n)!.Id, dataset.Find(n)!.Stored!.Value)),
            ];
            await host.SettleAsync(dataset, columns, [.. Of(name, this).Select(Stored)]);
        }
    }

    private static ProtectedRow Stored(ShopRow row) => new(
        Storage.Rows.RandomKey(),
        row.Subject,
        UnixMicros.From(row.Time),
        [
            row.Action, row.City, row.Amount, row.Vip, row.Quantity, row.Score, row.Born?.DayNumber - new DateOnly(1970, 1, 1).DayNumber, row.Session,
            row.Seen is { } seen ? UnixMicros.From(seen) : null,
        ],
        null);

    private static ShopRow Row(int number, long subject)
    {
        int Roll(int die, int sides) => (int)Dice(number, die, sides);
        return new ShopRow(
            subject,
            Roll(1, 3) == 0
                ? DateTime.Parse(Edges[Roll(2, Edges.Length)], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)
                : Shop.From.AddMinutes(Roll(3, 366 * 24 * 60)),
            Actions[Roll(4, Actions.Length)],
            Cities[Roll(5, Cities.Length)],
            // Beyond both bounds, and halves of a step, which go up.
            Roll(6, 10) == 0 ? null : (Roll(7, 60) - 20) / 4m,
            Roll(8, 5) switch { 0 => null, 1 or 2 => true, _ => false },
            Roll(9, 12) switch { 0 => null, 1 => -3, 2 => 0, 3 => 250, 4 => 100, 5 => 50, 6 => 10, 7 => 3, _ => Roll(10, 30) },
            Roll(11, 8) == 0 ? null : Roll(12, 1_200) / 1_000.0,
            Roll(13, 8) switch { 0 => null, 1 => new DateOnly(1989, 12, 31), 2 => new DateOnly(1990, 1, 1), 3 => new DateOnly(1960 + Roll(14, 40), 5, 17), _ => new DateOnly(1975, 5, 1 + Roll(15, 31)) },
            Roll(16, 5) == 0 ? null : new Guid($"00000000-0000-0000-0000-00000000000{Roll(17, 4)}"),
            Roll(18, 6) == 0 ? null : new DateTime(2024, 1, 1, 12, 0, 0, DateTimeKind.Utc).AddSeconds(Roll(19, 5) - 2));
    }

    // Thrown dice that show the same whenever they are thrown again (SplitMix64).
    private static ulong Dice(int number, int die, int sides)
    {
        ulong z = ((((ulong)(uint)number) << 8) + (ulong)die + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (z ^ (z >> 31)) % (ulong)sides;
    }
}
