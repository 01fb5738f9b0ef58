using System.Globalization;
using System.Text;

namespace Opaline.Platform.Tests.TokenVault.Rotation;

/// <summary>Who is in the rotation drill: each person has four addresses, so that the vault holds five values of each, and as many rows as all others; and what is asked about them.</summary>
internal static class DrillPeople
{
    public const int ValuesEach = 5;

    private const string Window = "timestamp >= DATE '2025-01-01' AND timestamp < DATE '2026-01-01'";

    public static readonly int Count = LongRuns.Enabled ? 200_000 : 4_000;

    public static readonly int RowsEach = LongRuns.Enabled ? 25 : 5;

    /// <summary>Nothing that comes in during the drill falls into their window, so the answers to these never change.</summary>
    public static readonly string[] Questions =
    [
        $"SELECT date_trunc('month', timestamp) AS month, count(*) FROM events WHERE {Window} GROUP BY month ORDER BY month",
        $"SELECT count(DISTINCT user_id) FROM events WHERE {Window} AND action = 'buy'",
        string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM (SELECT user_id, count(*) AS n FROM events WHERE {Window} GROUP BY user_id) WHERE n >= {RowsEach}"),
        $"SELECT count(*) FROM events e JOIN orders o USING (user_id) WHERE e.{Window.Replace("AND ", "AND e.", StringComparison.Ordinal)}",
    ];

    /// <summary>The true answers.</summary>
    public static string Truth()
    {
        int[] months = new int[12];
        for (int person = 0; person < Count; person++)
        {
            for (int row = Outside(person); row < RowsEach; row++)
                months[MonthOf(person, row)]++;
        }

        int all = months.Sum();
        int whole = Enumerable.Range(0, Count).Count(p => Outside(p) == 0);
        return string.Join(';', [string.Join(',', months), Text(Count), Text(whole), Text(all)]);
    }

    public static string Name(int person) => Text($"person-{person}");

    public static string Email(int person, int which) => Text($"p{person}.{which}@example.org");

    /// <summary>The rows of some people, as a body.</summary>
    public static byte[] Events(int first, int people)
    {
        StringBuilder body = new("[");
        for (int person = first; person < first + people; person++)
        {
            for (int row = 0; row < RowsEach; row++)
            {
                string time = Text($"{(row < Outside(person) ? 2024 : 2025)}-{MonthOf(person, row) + 1:00}-{1 + (person % 28):00}T10:00:00Z");
                Append(body, Name(person), row == RowsEach - 1 ? "buy" : "look", time, row == 0 ? person : null);
            }
        }

        return Body(body);
    }

    /// <summary>One order of each of some people, as a body.</summary>
    public static byte[] Orders(int first, int people)
    {
        StringBuilder body = new("[");
        for (int person = first; person < first + people; person++)
            Append(body, Name(person), "order", "2025-06-01T10:00:00Z", null);
        return Body(body);
    }

    /// <summary>What comes in during the drill: of people who are there, and of some who are new.</summary>
    public static byte[] Traffic(int batch, int size, int newcomers)
    {
        StringBuilder body = new("[");
        for (int i = 0; i < size; i++)
        {
            int person = i < newcomers ? Count + (batch * newcomers) + i : (int)(((batch * 7_919L) + (i * 104_729L)) % Count);
            Append(body, Name(person), "look", "2026-06-01T10:00:00Z", i < newcomers ? person : null);
        }

        return Body(body);
    }

    // Some have rows of the year before.
    private static int Outside(int person) => person % 4 == 0 ? RowsEach * 2 / 5 : 0;

    private static int MonthOf(int person, int row) => (person + row) % 12;

    private static void Append(StringBuilder body, string name, string action, string time, int? introduced)
    {
        body.Append(CultureInfo.InvariantCulture, $$"""{"user_id":"{{name}}","timestamp":"{{time}}","action":"{{action}}" """);
        if (introduced is { } person)
        {
            body.Append(
                CultureInfo.InvariantCulture,
                $$""","metadata":{"email":"{{Email(person, 0)}}","work_email":"{{Email(person, 1)}}","home_email":"{{Email(person, 2)}}","old_email":"{{Email(person, 3)}}"}""");
        }

        body.Append("},");
    }

    private static byte[] Body(StringBuilder body)
    {
        body[^1] = ']';
        return Encoding.UTF8.GetBytes(body.ToString());
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
