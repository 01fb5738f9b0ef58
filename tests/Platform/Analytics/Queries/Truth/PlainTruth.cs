using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Queries.Truth;

/// <summary>Compares the answer to a query of the corpus, made without noise, with what its text gives on a plain table.</summary>
internal sealed partial class PlainTruth
{
    private readonly string _sql;
    private readonly Answer _answer;
    private readonly string _zone;
    private readonly (string Name, int Key, int[] Values)[] _columns;

    /// <param name="sql">The text.</param>
    /// <param name="query">The query that was read from it.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="zone">The dataset's zone.</param>
    public PlainTruth(string sql, Query query, Answer answer, string zone)
    {
        (_sql, _answer, _zone) = (sql, answer, zone);
        ImmutableArray<string> asked = query.Presentation?.Columns is { IsDefaultOrEmpty: false } columns
            ? [.. columns.Select(c => c.Name)]
            : [.. answer.Plan.Keys.Select(k => k.Name), .. answer.Plan.Measures.Select(m => m.Name)];
        _columns =
        [
            .. asked.Select(name => (
                name,
                answer.Table.Keys.IndexOf(name),
                Enumerable.Range(0, answer.Table.Values.Length)
                    .Where(i => answer.Table.Values[i] == name || answer.Table.Values[i].StartsWith(name + ":", StringComparison.Ordinal)).ToArray())),
        ];
    }

    public bool HasPrivateKeys => _answer.Plan.Cells is null;

    public bool HasTail => PlainShop.TailOf(_sql).Length > 0;

    /// <summary>What differs, or null.</summary>
    public string? Difference(PlainShop shop)
    {
        List<(string[] Keys, object?[] Values)> expected = Truth(shop);
        List<(string[] Keys, ShownValue?[] Values)> actual = [.. _answer.Table.Rows.Select(r => (Labels(r), r.Values.ToArray()))];
        if (HasTail)
        {
            // What comes after the release: the very rows, in their order.
            return expected.Count != actual.Count ? $"{expected.Count} rows, not {actual.Count}"
                : expected.Zip(actual).Select(p => Difference(p.First, p.Second)).FirstOrDefault(d => d is not null);
        }

        if (!HasPrivateKeys && actual.Count != _answer.Plan.Cells)
            return $"{_answer.Plan.Cells} cells, not {actual.Count}";
        Dictionary<string, (string[], object?[] Values)> cells = expected.ToDictionary(e => string.Join('|', e.Keys), e => e);
        foreach ((string[] keys, ShownValue?[] values) in actual)
        {
            // Public cells without rows answer nothing but zeros; a private key without units must not be there.
            if (cells.Remove(string.Join('|', keys), out (string[], object?[]) cell))
            {
                if (Difference(cell, (keys, values)) is { } difference)
                    return difference;
            }
            else if (HasPrivateKeys || values.Any(v => v is { Value: not 0 }))
            {
                return $"a cell {string.Join('|', keys)} that has no rows";
            }
        }

        return cells.Count == 0 ? null : $"no cell {cells.Keys.First()}";
    }

    /// <summary>The rows of the truth by their keys, each with one value per column of the answer's table.</summary>
    public List<(string[] Keys, object?[] Values)> Truth(PlainShop shop)
    {
        List<object?[]> rows = shop.Ask(_sql, column => _columns[column].Key >= 0, HasPrivateKeys);
        if (_answer.Plan.Selection is { } selection)
        {
            // A threshold is exact without noise. A coin is as good as one where the published odds are certain; below that, the answer says how it fell.
            long certain = selection.Threshold ?? selection.Odds.First(o => o.Probability >= 1).Units;
            HashSet<string> told = [.. _answer.Table.Rows.Select(r => string.Join('|', r.Keys))];
            rows = [.. rows.Where(r => (decimal)r[^1]! >= certain || (selection.Threshold is null && told.Contains(string.Join('|', Labels(r)))))];
        }

        return [.. rows.Select(r => (Labels(r), Values(r)))];
    }

    private string? Difference((string[] Keys, object?[] Values) expected, (string[] Keys, ShownValue?[] Values) actual)
    {
        string cell = string.Join('|', expected.Keys);
        if (cell != string.Join('|', actual.Keys))
            return $"row {string.Join('|', actual.Keys)} in the place of {cell}";
        for (int i = 0; i < actual.Values.Length; i++)
        {
            if (!Equal(expected.Values[i], actual.Values[i]?.Value))
                return string.Create(CultureInfo.InvariantCulture, $"{_answer.Table.Values[i]} of [{cell}] is {actual.Values[i]?.Value}, not {Text(expected.Values[i])}");
        }

        return null;
    }

    private static bool Equal(object? expected, decimal? actual) => (expected, actual) switch
    {
        // No rows: SQL's missing sum is our zero, and a quotient is missing in both.
        (null, null or 0) => true,
        (decimal exact, { } value) => exact == value,
        // Means have six digits after the point, all other quotients and roots more.
        (double quotient, { } value) => Math.Abs(quotient - (double)value) <= 6e-7 * Math.Max(1, Math.Abs(quotient)),
        ((decimal[] values, decimal rank), { } value) => IsQuantile(values, rank, value),
        _ => false,
    };

    // Of n values at most rank·n lie below it and at least as many lie below or are it.
    private static bool IsQuantile(decimal[] values, decimal rank, decimal value) =>
        values.Count(v => v < value) <= rank * values.Length && values.Count(v => v <= value) >= rank * values.Length;

    private object?[] Values(object?[] row)
    {
        object?[] values = new object?[_answer.Table.Values.Length];
        decimal[] ranks = Ranks();
        foreach ((int column, int place, int index) in _columns.SelectMany((c, column) => c.Values.Select((place, index) => (column, place, index))))
        {
            values[place] = row[column] switch
            {
                decimal[] list when ranks.Length > 0 => (list, ranks[index]),
                decimal[] bins => bins[index],
                bool or string => throw new InvalidOperationException("A number was asked for."),
                object value => value,
                null => null,
            };
        }

        return values;
    }

    private string[] Labels(object?[] row) =>
        [.. _answer.Table.Keys.Select(name => Label(row[Array.FindIndex(_columns, c => c.Name == name)]!, name == "hour"))];

    private static string[] Labels(AnswerTableRow row) => [.. row.Keys];

    private string Label(object value, bool hour) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime { Kind: DateTimeKind.Utc } instant when hour => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        DateTime { Kind: DateTimeKind.Utc } instant =>
            TimeZoneInfo.ConvertTimeFromUtc(instant, TimeZoneInfo.FindSystemTimeZoneById(_zone)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime local => local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture).ToString("0.############", CultureInfo.InvariantCulture),
    };

    private static string Text(object? value) => value is (decimal[] values, decimal rank)
        ? string.Create(CultureInfo.InvariantCulture, $"of rank {rank} in {values.Length} values")
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "missing";

    // Of the text's one measure; min and max are told as the quantiles next to them.
    private decimal[] Ranks()
    {
        if (Ranked().Match(_sql) is not { Success: true } match)
            return [];
        return match.Groups["word"].Value.ToLowerInvariant() switch
        {
            "median" => [0.5m],
            "min" => [0.01m],
            "max" => [0.99m],
            _ => [.. match.Groups["rank"].Value.Split(", ").Select(r => decimal.Parse(r, CultureInfo.InvariantCulture))],
        };
    }

    [GeneratedRegex(@"\b(?<word>median|min|max|quantile_cont|percentile_cont)\((?:(?<rank>[\d.]+)\)|(?:\w+|\w+\([^()]*\))(?:, \[?(?<rank>[\d., ]+)\]?)?\))", RegexOptions.IgnoreCase)]
    private static partial Regex Ranked();
}
