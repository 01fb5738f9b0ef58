using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Opaline.Analytics;

/// <summary>The exact bounded sums of a release, by cell. They leave this process with noise only.</summary>
internal sealed class CellSums
{
    private readonly QueryPlan _plan;
    private readonly ImmutableArray<Component> _components;
    private readonly ImmutableArray<HashSet<string>?> _public;
    private readonly Dictionary<string, int> _cells = new(StringComparer.Ordinal);
    private readonly List<ImmutableArray<string>> _keys = [];
    private readonly List<BigInteger[][]> _sums = [];

    public CellSums(QueryPlan plan)
    {
        _plan = plan;
        _components = plan.Components;
        _public = [.. plan.Keys.Select(PublicValues)];
        if (plan.Cells is not null)
            AddPublicCells([]);
    }

    public int Count => _keys.Count;

    /// <summary>The keys of a cell.</summary>
    public ImmutableArray<string> Keys(int cell) => _keys[cell];

    /// <summary>The exact sums of a component in a cell: one, or one for each leaf of its bins.</summary>
    public ReadOnlySpan<BigInteger> this[int cell, int component] => _sums[cell][component];

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
                _sums[cell][component][bin] += Integer(row[column++]);
        }
    }

    private static HashSet<string>? PublicValues(PlannedKey key) => key switch
    {
        PlannedPeriod period => new(period.Grid.Labels, StringComparer.Ordinal),
        PlannedValue { Domain: { } domain } => new(domain, StringComparer.Ordinal),
        _ => null,
    };

    private static BigInteger Integer(object? value) => value switch
    {
        // The sum over no rows at all.
        null => BigInteger.Zero,
        BigInteger big => big,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    // All cells of public keys in the order of their keys, the first key slowest.
    private void AddPublicCells(ImmutableArray<string> keys)
    {
        if (keys.Length == _plan.Keys.Length)
        {
            New(keys);
            return;
        }

        foreach (string value in _plan.Keys[keys.Length] switch
        {
            PlannedPeriod period => period.Grid.Labels,
            PlannedValue { Domain: { } domain } => domain,
            _ => throw new InvalidOperationException("A private key has no public values."),
        })
        {
            AddPublicCells(keys.Add(value));
        }
    }

    // The cell of a row; null for one outside of the public values, which no unit's bound speaks about.
    private int? Cell(object?[] row)
    {
        ImmutableArray<string>.Builder keys = ImmutableArray.CreateBuilder<string>(_plan.Keys.Length);
        for (int i = 0; i < _plan.Keys.Length; i++)
        {
            if (Text(_plan.Keys[i], row[i]) is not { } text || _public[i]?.Contains(text) == false)
                return null;
            keys.Add(text);
        }

        ImmutableArray<string> key = keys.MoveToImmutable();
        return _cells.TryGetValue(Join(key), out int cell) ? cell : _plan.Cells is null ? New(key) : null;
    }

    private static string? Text(PlannedKey key, object? value) => (key, value) switch
    {
        (_, null) => null,
        (PlannedPeriod period, DateTime hour) => Label(period.Grid, (hour - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerHour),
        (PlannedPeriod period, _) => Label(period.Grid, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        (PlannedValue { Expression.Grid: { } steps }, long number) => steps.Label(number),
        (_, string text) => text,
        _ => throw new InvalidOperationException("The event store returned a key of another type than was asked for."),
    };

    private static string? Label(PeriodGrid grid, long key)
    {
        int place = grid.Keys.BinarySearch(key);
        return place >= 0 ? grid.Labels[place] : null;
    }

    /// <summary>The keys of a cell as one text.</summary>
    public static string Join(ImmutableArray<string> keys) =>
        string.Concat(keys.Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Length}:{k}")));

    private int New(ImmutableArray<string> keys)
    {
        _cells.Add(Join(keys), _keys.Count);
        _keys.Add(keys);
        _sums.Add([.. _components.Select(c => new BigInteger[c.Shape.Bins?.Leaves ?? 1])]);
        return _keys.Count - 1;
    }
}
