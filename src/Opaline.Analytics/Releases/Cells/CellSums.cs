using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>The exact bounded sums of a release, by cell. They leave this process with noise only.</summary>
internal sealed class CellSums
{
    private readonly QueryPlan _plan;

    // Of each key its public values and their places; null of a private one.
    private readonly ImmutableArray<(ImmutableArray<string> Values, Dictionary<string, int> Places)?> _public;
    private readonly List<ImmutableArray<string>> _keys = [];

    // Cells of private keys, of which not all are public: by their keys.
    private readonly Dictionary<string, int> _found = new(StringComparer.Ordinal);

    // Of each component the sums of all cells, one after the other.
    private readonly List<BigInteger>[] _sums;
    private readonly int[] _numbers;

    public CellSums(QueryPlan plan)
    {
        _plan = plan;
        _public = [.. plan.Keys.Select(PublicValues)];
        _numbers = [.. plan.Components.Select(c => c.Shape.Bins?.Leaves ?? 1)];
        _sums = [.. _numbers.Select(_ => new List<BigInteger>())];
        if (plan.Cells is not null)
            AddPublicCells([]);
    }

    /// <summary>Reads the sums of a plan; the cells are laid out while the engine works.</summary>
    /// <param name="events">What is read.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="visibleLsn">The last row that counts.</param>
    /// <param name="nonce">The release's secret.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<CellSums> ReadAsync(
        IEventStore events, QueryPlan plan, long visibleLsn, ImmutableArray<byte> nonce, CancellationToken cancellationToken)
    {
        Task<List<(BoundedAggregation, IReadOnlyList<object?[]>)>> reading = AggregateAsync();
        CellSums sums = new(plan);
        foreach ((BoundedAggregation statement, IReadOnlyList<object?[]> rows) in await reading)
            sums.Add(statement, rows);
        return sums;

        async Task<List<(BoundedAggregation, IReadOnlyList<object?[]>)>> AggregateAsync()
        {
            List<(BoundedAggregation, IReadOnlyList<object?[]>)> read = [];
            foreach (BoundedAggregation statement in AggregationWriter.Write(plan, visibleLsn, nonce.AsSpan(), events.Dialect))
                read.Add((statement, await events.AggregateAsync(statement.Sql, statement.Parameters, cancellationToken)));
            return read;
        }
    }

    public int Count => _keys.Count;

    /// <summary>The keys of a cell.</summary>
    public ImmutableArray<string> Keys(int cell) => _keys[cell];

    /// <summary>The exact sums of a component in a cell: one, or one for each leaf of its bins.</summary>
    public ReadOnlySpan<BigInteger> this[int cell, int component] => Sums(cell, component);

    /// <summary>Adds the rows of a statement.</summary>
    public void Add(BoundedAggregation statement, IReadOnlyList<object?[]> rows)
    {
        foreach (object?[] row in rows)
        {
            if (Cell(row) is not { } cell)
                continue;
            int column = _plan.Keys.Length;
            int bin = statement.Binned ? (int)Integer(row[column++]) : 0;
            foreach (int component in statement.Components)
                Sums(cell, component)[bin] += Integer(row[column++]);
        }
    }

    /// <summary>The keys of a cell as one text.</summary>
    public static string Join(ImmutableArray<string> keys) =>
        string.Concat(keys.Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Length}:{k}")));

    private static (ImmutableArray<string> Values, Dictionary<string, int> Places)? PublicValues(PlannedKey key)
    {
        ImmutableArray<string> values = key switch
        {
            PlannedPeriodKey period => period.Grid.Labels,
            PlannedExpressionKey { Domain: { } domain } => domain,
            _ => default,
        };
        return values.IsDefault ? null : (values, values.Select((v, i) => (v, i)).ToDictionary(x => x.v, x => x.i, StringComparer.Ordinal));
    }

    private static BigInteger Integer(object? value) => value switch
    {
        // The sum over no rows at all.
        null => BigInteger.Zero,
        BigInteger big => big,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    private Span<BigInteger> Sums(int cell, int component) =>
        CollectionsMarshal.AsSpan(_sums[component]).Slice(cell * _numbers[component], _numbers[component]);

    // All cells of public keys in the order of their keys, the first key slowest: the place of a cell follows from those of its keys.
    private void AddPublicCells(ImmutableArray<string> keys)
    {
        if (keys.Length == _plan.Keys.Length)
        {
            New(keys);
            return;
        }

        foreach (string value in (_public[keys.Length] ?? throw new InvalidOperationException("A private key has no public values.")).Values)
            AddPublicCells(keys.Add(value));
    }

    // The cell of a row; null for one outside of the public values, which no unit's bound speaks about.
    private int? Cell(object?[] row) => _plan.Cells is null ? FoundCell(row) : PublicCell(row);

    private int? PublicCell(object?[] row)
    {
        int cell = 0;
        for (int i = 0; i < _plan.Keys.Length; i++)
        {
            (ImmutableArray<string> values, Dictionary<string, int> places) = _public[i]!.Value;
            if ((_plan.Keys[i] is PlannedPeriodKey period ? Place(period.Grid, row[i]) : Place(places, Text(_plan.Keys[i], row[i]))) is not { } place)
                return null;
            cell = (cell * values.Length) + place;
        }

        return cell;
    }

    private int? FoundCell(object?[] row)
    {
        ImmutableArray<string>.Builder keys = ImmutableArray.CreateBuilder<string>(_plan.Keys.Length);
        for (int i = 0; i < _plan.Keys.Length; i++)
        {
            string? text = _plan.Keys[i] is PlannedPeriodKey { Grid: { } grid } ? Place(grid, row[i]) is { } label ? grid.Labels[label] : null : Text(_plan.Keys[i], row[i]);
            if (text is null || _public[i]?.Places.ContainsKey(text) == false)
                return null;
            keys.Add(text);
        }

        ImmutableArray<string> key = keys.MoveToImmutable();
        string joined = Join(key);
        if (!_found.TryGetValue(joined, out int cell))
            _found.Add(joined, cell = New(key));
        return cell;
    }

    private static int? Place(Dictionary<string, int> places, string? text) => text is not null && places.TryGetValue(text, out int place) ? place : null;

    private static int? Place(PeriodGrid grid, object? value)
    {
        if (value is null)
            return null;
        long key = value is DateTime hour ? (hour - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerHour : Convert.ToInt64(value, CultureInfo.InvariantCulture);
        return grid.Keys.BinarySearch(key) is >= 0 and int place ? place : null;
    }

    private static string? Text(PlannedKey key, object? value) => (key, value) switch
    {
        (_, null) => null,
        (PlannedExpressionKey { Expression.Grid: { } steps }, long number) => steps.Label(number),
        (_, string text) => text,
        _ => throw new InvalidOperationException("The event store returned a key of another type than was asked for."),
    };

    private int New(ImmutableArray<string> keys)
    {
        _keys.Add(keys);
        for (int i = 0; i < _sums.Length; i++)
            CollectionsMarshal.SetCount(_sums[i], _keys.Count * _numbers[i]);
        return _keys.Count - 1;
    }
}
