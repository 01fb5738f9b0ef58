using System.Collections.Immutable;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Audits;

/// <summary>
/// The release of exact sums, as often as it is wanted: selection of keys, noise from the system's generator and post-processing are those of every answer.
/// </summary>
internal sealed class AuditedRelease
{
    private readonly QueryPlan _plan;
    private readonly CellSums _sums;
    private readonly Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>> _rows;
    private readonly bool _intervals;
    private readonly ImmutableArray<int> _drawn;

    public AuditedRelease(QueryPlan plan, CellSums sums)
    {
        _plan = plan;
        _sums = sums;
        NoisyRows.Prepare(plan);
        _rows = plan.Derivation?.Prepare(plan) ?? ((exact, noise) => NoisyRows.Of(plan, exact, noise));
        _intervals = plan.Derivation is not null || plan.Measures.Any(m => m.HalfWidth is null);
        _drawn = [.. plan.Components.Select(c => Math.Max(1, sums.Count) * c.Shape.Numbers)];
    }

    /// <summary>Numbers of a cell: its values, and the ends of their intervals where these tell something else.</summary>
    public int Columns => _plan.Measures.Sum(m => MeasureSummary.ColumnsOf(m.Name, m.Labels).Count()) * (_intervals ? 3 : 1);

    /// <summary>The cells that can be told, by their keys.</summary>
    public IEnumerable<string> Cells() => _plan.Derivation is null
        ? Enumerable.Range(0, _sums.Count).Select(cell => Text(_sums.Keys(cell)))
        : Rows((_, noise) => noise.Clear()).Select(r => Text(r.Keys));

    /// <summary>The rows with noise of the test's own.</summary>
    public ImmutableArray<AnswerRow> Rows(NoiseDraw draw) => _rows(_sums, new ReleaseNoise(_plan, draw));

    /// <summary>One release as numbers: those of each cell, or NaN where it is not told.</summary>
    public void Draw(ImmutableArray<string> cells, Span<double> output)
    {
        output.Fill(double.NaN);
        int component = 0;
        // Noise for cells that are not there is never read; drawing it ten thousand times for each release would be all that a test does.
        ImmutableArray<AnswerRow> rows = Rows((scale, noise) => scale.Law.Fill(noise[..Math.Min(noise.Length, Next(ref component))]));
        foreach (AnswerRow row in rows)
        {
            Span<double> place = output[(cells.IndexOf(Text(row.Keys)) * Columns)..];
            int column = 0;
            foreach (AnswerValue value in row.Values)
            {
                place[column++] = (double)value.Value;
                if (!_intervals)
                    continue;
                place[column++] = (double)value.Low;
                place[column++] = (double)value.High;
            }
        }
    }

    // How many numbers the next component that is drawn has; what has no scale is drawn for nobody.
    private int Next(ref int component)
    {
        while (_plan.Components[component].Scale is null)
            component++;
        return _drawn[component++];
    }

    private static string Text(ImmutableArray<string> keys) => string.Join('|', keys);
}
