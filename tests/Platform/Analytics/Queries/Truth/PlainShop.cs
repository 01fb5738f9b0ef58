using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace Opaline.Platform.Tests.Analytics.Queries.Truth;

/// <summary>
/// The shop as a plain table of a DuckDB of its own, in which the text of a query is run as it was written. What the product's answers promise beside SQL is
/// said here in SQL: rows lie in the declared range; a measure counts on its declared grid and inside its declared bounds, but is compared with a constant, and
/// with itself in a joined row, as it is stored; and of aggregates whose answer is another form of the same number, the text is changed to ask for what that number is made of:
/// <list type="bullet">
/// <item>variance and stddev are those of the rows, not of a sample: <c>var_pop</c>, <c>stddev_pop</c>;</item>
/// <item>quantiles, median, min and max are steps of the grid that have the rank: all values are read, <c>list(x)</c>, and the rank is checked;</item>
/// <item>bins of a histogram begin with their edge instead of ending with it;</item>
/// <item>a time_bucket is cut in the dataset's zone, as date_trunc is, and not in UTC;</item>
/// <item>round() of a released value rounds halves up.</item>
/// </list>
/// HAVING, ORDER BY and LIMIT come after the keys that no answer has are gone: missing ones, and those outside of the public domain.
/// </summary>
internal sealed partial class PlainShop : IDisposable
{
    private const string Units = "units_of_it";

    private readonly DuckDBConnection _connection = new("Data Source=:memory:");
    private readonly string _zone;
    private readonly bool _clamped;

    /// <param name="rows">What the shop holds.</param>
    /// <param name="clamped">Whether measures count on their grids; a broken twin leaves them as they are.</param>
    public PlainShop(ShopRows rows, bool clamped = true)
    {
        (_zone, _clamped) = (rows.Zone, clamped);
        _connection.Open();
        Run($"SET TimeZone = '{_zone}'");
        foreach (string name in ShopRows.Datasets)
        {
            Run(
                $"CREATE TABLE stored_{name} (\"user\" BIGINT, time TIMESTAMPTZ, action VARCHAR, city VARCHAR, stored_amount DECIMAL(18, 6), vip BOOLEAN, "
                + "stored_qty BIGINT, stored_score DOUBLE, born DATE, session UUID, seen TIMESTAMPTZ)");
            foreach (ShopRow[] some in ShopRows.Of(name, rows).Chunk(200))
                Run($"INSERT INTO stored_{name} VALUES {string.Join(", ", some.Select(Values))}");
            Show(name, "true");
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Lets the shop hold only the rows for which a condition holds.</summary>
    public void Choose(string condition) => Show("shop", condition);

    /// <summary>The rows that the text gives, of texts, truths, numbers (exact ones as decimals), dates, times, and lists of numbers; null for what is missing.</summary>
    /// <param name="sql">The text of the corpus.</param>
    /// <param name="isKey">Whether a column of the text is a key, by its place.</param>
    /// <param name="privateKeys">Whether to count the distinct subjects of each row in a last column.</param>
    public List<object?[]> Ask(string sql, Func<int, bool> isKey, bool privateKeys)
    {
        sql = sql.Trim().TrimEnd(';');
        string tail = TailOf(sql);
        string body = Adapt(sql[..^tail.Length], privateKeys);
        (string Name, bool IsText)[] keys = [.. Columns(body).Where((c, i) => c.Name != Units && isKey(i)).Select(c => (Quoted(c.Name), c.IsText))];
        string told = string.Concat(keys.Select(k => $" AND {k.Name} IS NOT NULL{(k.IsText ? $" AND {k.Name} <> '{ShopRows.Stranger}'" : "")}"));
        return Read($"SELECT * FROM ({body}) AS cells WHERE true{told} {Presented(tail, keys.Select(k => k.Name))}");
    }

    /// <summary>HAVING, ORDER BY and LIMIT of the outermost SELECT, or nothing.</summary>
    public static string TailOf(string sql) => Tail().Match(Outermost(sql)) is { Success: true } match ? sql[match.Index..] : "";

    // The text with all that stands in brackets blotted out, so that places in both are the same.
    private static string Outermost(string sql)
    {
        int depth = 0;
        return string.Concat(sql.Select(c =>
        {
            depth -= c == ')' ? 1 : 0;
            char shown = depth > 0 ? '.' : c;
            depth += c == '(' ? 1 : 0;
            return shown;
        }));
    }

    // Of the conditions and the order, in terms of the columns that they name. Where nothing else decides, keys do.
    private static string Presented(string tail, IEnumerable<string> keys)
    {
        if (tail.Length == 0)
            return "";
        Match parts = Parts().Match(tail.Replace("count(*)", "\"count_star()\"", StringComparison.Ordinal));
        string having = parts.Groups["having"] is { Success: true } condition ? $"AND ({condition.Value})" : "";
        string order = parts.Groups["order"] is { Success: true } asked ? $"{asked.Value}, " : "";
        return $"{having} ORDER BY {order}{string.Join(", ", keys)} {parts.Groups["limit"].Value}";
    }

    // A quantity is whole, and on the same side of the corpus' constants, all inside of its bounds, before and after it is clamped.
    private string Adapt(string sql, bool privateKeys)
    {
        string outermost = Outermost(sql);
        int from = outermost.LastIndexOf("SELECT ", StringComparison.OrdinalIgnoreCase);
        int to = outermost.IndexOf(" FROM ", from, StringComparison.OrdinalIgnoreCase) is >= 0 and int end ? end : sql.Length;
        string list = Outputs(sql[from..to]);
        if (privateKeys)
            list += $", count(DISTINCT {(Qualifier().Match(list) is { Success: true } table ? table.Value : "")}\"user\") AS {Units}";
        sql = sql[..from] + list + sql[to..];
        sql = Bucket().Replace(sql, $"time_bucket($1, $2 AT TIME ZONE '{_zone}')");
        sql = StoredComparison().Replace(sql, "stored_$1$2");
        sql = OwnComparison().Replace(sql, "stored_$1$2stored_$1");
        sql = MirroredComparison().Replace(sql, "$1stored_$2");
        return NullIf().Replace(sql, "CASE WHEN stored_$1 <> $2 THEN $1 END");
    }

    // What is aggregated by subject in a subquery is the plain number.
    private static string Outputs(string list)
    {
        const string Listed = "list($1) FILTER ($1 IS NOT NULL)";
        list = Spread().Replace(list, "${1}${2}_pop(");
        list = Quantile().Replace(list, Listed);
        list = Percentile().Replace(list, Listed);
        list = Histogram().Replace(list, m =>
        {
            string value = m.Groups[1].Value;
            string[] edges = m.Groups[2].Value.Split(", ");
            IEnumerable<string> bins = Enumerable.Range(0, edges.Length + 1).Select(i =>
                $"count(*) FILTER ({value} IS NOT NULL{(i > 0 ? $" AND {value} >= {edges[i - 1]}" : "")}{(i < edges.Length ? $" AND {value} < {edges[i]}" : "")})");
            return $"[{string.Join(", ", bins)}]";
        });
        return Rounding().Replace(list, m =>
        {
            string scale = "1" + new string('0', int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
            return $"floor(({m.Groups[1].Value}) * {scale} + 0.5) / {scale}";
        });
    }

    // Nobody is the subject of a public table.
    private void Show(string name, string condition)
    {
        string amount = _clamped
            ? "CASE WHEN stored_amount <= -2 THEN -2 WHEN stored_amount >= 6 THEN 6 ELSE CAST(floor(stored_amount / 0.5 + 0.5) AS DECIMAL(18, 6)) * 0.5 END"
            : "stored_amount";
        string quantity = _clamped ? "greatest(0, least(100, stored_qty))" : "stored_qty";
        string score = _clamped ? "CAST(floor(greatest(0, least(1, stored_score)) / 0.001 + 0.5) AS BIGINT) * 0.001" : "stored_score";
        Run(
            $"CREATE OR REPLACE VIEW {name} AS SELECT * EXCLUDE (stored_score{(name == "cities" ? ", \"user\"" : "")}), {Missing(amount, "stored_amount")} AS amount, "
            + $"{Missing(quantity, "stored_qty")} AS qty, {Missing(score, "stored_score")} AS score "
            + $"FROM stored_{name} WHERE time >= TIMESTAMPTZ '2024-01-01 00:00:00+00' AND time < TIMESTAMPTZ '2025-01-01 00:00:00+00' AND ({condition})");

        static string Missing(string value, string column) => $"CASE WHEN {column} IS NOT NULL THEN {value} END";
    }

    private static string Values(ShopRow row)
    {
        return "("
            + string.Join(", ",
            [
                Text(row.Subject), Instant(row.Time), Literal(row.Action), Literal(row.City), Text(row.Amount), Text(row.Vip), Text(row.Quantity), Text(row.Score),
                Literal(row.Born?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), Literal(row.Session?.ToString()), Instant(row.Seen),
            ])
            + ")";

        static string Text(IConvertible? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "NULL";

        static string Literal(string? value) => value is null ? "NULL" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

        static string Instant(DateTime? time) =>
            time is { } instant ? $"TIMESTAMPTZ '{instant.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'" : "NULL";
    }

    private List<(string Name, bool IsText)> Columns(string body)
    {
        using DuckDBCommand command = Command($"SELECT * FROM ({body}) AS cells LIMIT 0");
        using DuckDBDataReader reader = command.ExecuteReader();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(i => (reader.GetName(i), reader.GetFieldType(i) == typeof(string)))];
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private List<object?[]> Read(string sql)
    {
        using DuckDBCommand command = Command(sql);
        using DuckDBDataReader reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : Plain(reader.GetValue(i), reader.GetDataTypeName(i)))]);
        return rows;
    }

    // Texts, numbers (exact ones as decimals), lists of numbers, and times: local ones without and instants with a kind.
    private static object Plain(object value, string type) => value switch
    {
        string or bool or double or DateOnly => value,
        DateTime time => DateTime.SpecifyKind(time, type.Contains("TZ", StringComparison.OrdinalIgnoreCase) ? DateTimeKind.Utc : DateTimeKind.Unspecified),
        BigInteger big => (decimal)big,
        System.Collections.IEnumerable list => list.Cast<object>().Select(v => Convert.ToDecimal(v, CultureInfo.InvariantCulture)).ToArray(),
        _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
    };

    private void Run(string sql)
    {
        using DuckDBCommand command = Command(sql);
        command.ExecuteNonQuery();
    }

    private DuckDBCommand Command(string sql)
    {
        DuckDBCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Texts of the corpus.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    [GeneratedRegex(@"\b(amount)( (?:NOT )?(?:>=|<=|>|<|=|BETWEEN) ?-?\d)", RegexOptions.IgnoreCase)]
    private static partial Regex StoredComparison();

    [GeneratedRegex(@"\b(amount|qty)( (?:>=|<=|<>|>|<|=) (?:\w+\.)?)\1\b", RegexOptions.IgnoreCase)]
    private static partial Regex OwnComparison();

    [GeneratedRegex(@"(\b\d+(?:\.\d+)? (?:>=|<=|>|<|=) )(amount)\b", RegexOptions.IgnoreCase)]
    private static partial Regex MirroredComparison();

    [GeneratedRegex(@"\bnullif\((amount|qty), (-?\d+)\)", RegexOptions.IgnoreCase)]
    private static partial Regex NullIf();

    [GeneratedRegex(@"\b(?:(var)iance|(stddev))\(", RegexOptions.IgnoreCase)]
    private static partial Regex Spread();

    [GeneratedRegex(@"\b(?:median|min|max|quantile_cont)\((\w+|\w+\([^()]*\))(?:, (?:\[[^\]]*\]|[\d.]+))?\)", RegexOptions.IgnoreCase)]
    private static partial Regex Quantile();

    [GeneratedRegex(@"\bpercentile_cont\([\d.]+\) WITHIN GROUP \(ORDER BY (\w+)\)", RegexOptions.IgnoreCase)]
    private static partial Regex Percentile();

    [GeneratedRegex(@"\bhistogram\((\w+), \[([^\]]*)\]\)", RegexOptions.IgnoreCase)]
    private static partial Regex Histogram();

    [GeneratedRegex(@"\b[a-z_]\w*\.(?=[a-z_])", RegexOptions.IgnoreCase)]
    private static partial Regex Qualifier();

    [GeneratedRegex(@"\btime_bucket\((INTERVAL [^,]+), (\w+)\)", RegexOptions.IgnoreCase)]
    private static partial Regex Bucket();

    [GeneratedRegex(@"\bround\((.+), (\d+)\)", RegexOptions.IgnoreCase)]
    private static partial Regex Rounding();

    [GeneratedRegex(@"\s(?:HAVING|ORDER BY|LIMIT)\s.*$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Tail();

    [GeneratedRegex(@"^\s*(?:HAVING (?<having>.*?))?\s*(?:ORDER BY (?<order>.*?))?\s*(?<limit>LIMIT .*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Parts();
}
