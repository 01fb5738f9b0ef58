using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.Platform.Tests.Storage.Events.Ordinals;

/// <summary>
/// Contribution ordinals said again in the plainest way, with counters that are never given back: what SQL must compute, and what sensitivities are
/// checked against.
/// </summary>
internal sealed class OrdinalModel(string key, OrdinalModel.Fault fault = OrdinalModel.Fault.None)
{
    private readonly Dictionary<(long Subject, long Window), (int Rows, int Groups)> _windows = [];
    private readonly Dictionary<(long Subject, long Day, string Group), (int Place, int Rows)> _groups = [];
    private readonly Dictionary<Row, Ordinals> _given = [];

    /// <summary>What is planted.</summary>
    internal enum Fault
    {
        None,

        /// <summary>Rows are sorted within their batch, by a place that depends on who else is in it.</summary>
        SortsTheBatch,
    }

    /// <summary>A row and its fate.</summary>
    /// <param name="Number">Its place among all that came.</param>
    /// <param name="Subject">Whose.</param>
    /// <param name="Window">Day number of its window's first day.</param>
    /// <param name="Day">Day number.</param>
    /// <param name="Action">The other half of its canonical group.</param>
    /// <param name="City">Something that is no part of it.</param>
    /// <param name="Value">Something to add up.</param>
    /// <param name="Tick">The tick at which it is there.</param>
    /// <param name="Sealed">The tick at which its window is sealed.</param>
    /// <param name="Deleted">The tick before which it is deleted with all others of its subject, if any; after its own.</param>
    /// <param name="Time">When.</param>
    internal sealed record Row(
        int Number, long Subject, long Window, long Day, string? Action, string City, long Value, int Tick, int Sealed, int? Deleted, DateTime Time);

    internal readonly record struct Ordinals(int RowInWindow, int GroupInWindow, int RowInGroup);

    /// <summary>Everything that was ever given.</summary>
    public IReadOnlyDictionary<Row, Ordinals> Given => _given;

    /// <summary>The ordinals of the rows that are left after some ticks.</summary>
    public Dictionary<Row, Ordinals> Run(IReadOnlyList<Row> rows, int ticks)
    {
        for (int tick = 0; tick < ticks; tick++)
            Seal([.. rows.Where(r => r.Tick <= tick && !(r.Deleted <= tick))], tick);
        return _given.Where(g => !(g.Key.Deleted < ticks)).ToDictionary();
    }

    /// <summary>The keyed hash of a canonical group, as the store documents it.</summary>
    public string Hash(Row row)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{key}|{row.Subject}|{row.Window}|{row.Day}|{Group(row)}");
#pragma warning disable CA5351 // The keyed order has to be computed by every engine.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
    }

    private static string Group(Row row) => row.Action is null ? "" : "=" + row.Action;

    private void Seal(Row[] there, int tick)
    {
        Row[] waiting = [.. there.Where(r => r.Sealed <= tick && !_given.ContainsKey(r)).OrderBy(r => r.Number)];
        if (fault == Fault.SortsTheBatch)
            waiting = [.. waiting.Select((row, place) => (row, place)).OrderBy(p => p.place * 7 % Math.Max(1, waiting.Length)).Select(p => p.row)];
        foreach (var group in waiting.GroupBy(r => (r.Subject, r.Window, r.Day, Group: Group(r))).OrderBy(g => Hash(g.First()), StringComparer.Ordinal))
        {
            if (_groups.ContainsKey((group.Key.Subject, group.Key.Day, group.Key.Group)))
                continue;
            (int rows, int groups) = _windows.GetValueOrDefault((group.Key.Subject, group.Key.Window));
            _windows[(group.Key.Subject, group.Key.Window)] = (rows, groups + 1);
            _groups[(group.Key.Subject, group.Key.Day, group.Key.Group)] = (groups + 1, 0);
        }

        foreach (Row row in waiting)
        {
            (int rows, int groups) = _windows[(row.Subject, row.Window)];
            (int place, int inGroup) = _groups[(row.Subject, row.Day, Group(row))];
            _given[row] = new Ordinals(rows + 1, place, inGroup + 1);
            _windows[(row.Subject, row.Window)] = (rows + 1, groups);
            _groups[(row.Subject, row.Day, Group(row))] = (place, inGroup + 1);
        }
    }
}
