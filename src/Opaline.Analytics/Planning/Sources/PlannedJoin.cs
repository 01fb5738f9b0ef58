using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Pairs of rows.</summary>
/// <param name="Rows">The fields of both sides.</param>
/// <param name="Left">The first side.</param>
/// <param name="Right">The second side.</param>
/// <param name="Kind">Which rows of the first side are kept.</param>
/// <param name="Columns">For each field of a pair the side and the field that it is.</param>
/// <param name="On">Fields that must be equal; null for the subject.</param>
/// <param name="Units">Where the privacy unit is a period, how each side's times are told apart; null else.</param>
internal sealed record PlannedJoin(
    Dataset Rows,
    PlannedSource Left,
    PlannedSource Right,
    JoinKind Kind,
    ImmutableArray<(bool Right, Field Of, Field As)> Columns,
    (Field Left, Field Right)? On,
    (Period Period, DayOffsets Left, DayOffsets Right)? Units) : PlannedSource(Rows)
{
    public override ImmutableArray<Dataset> Datasets => [.. Left.Datasets.Concat(Right.Datasets).DistinctBy(d => d.Id)];

    public override bool Couples => Left.Couples || Right.Couples;

    public override string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"join({Kind},{Left.Canonical},{Right.Canonical},{On?.Left.Id}:{On?.Right.Id},{string.Join(';', Columns.Select(c => $"{c.As.Id}:{(c.Right ? "r" : "l")}{c.Of.Id}"))},{Units?.Period},{Text(Units?.Left)},{Text(Units?.Right)})");
}
