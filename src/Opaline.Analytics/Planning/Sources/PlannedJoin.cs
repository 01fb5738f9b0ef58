using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Pairs of rows.</summary>
/// <param name="Schema">The fields of both sides.</param>
/// <param name="Left">The first side.</param>
/// <param name="Right">The second side.</param>
/// <param name="Kind">Which rows of the first side are kept.</param>
/// <param name="Columns">For each field of a pair the side and the field that it is.</param>
/// <param name="On">Fields that must be equal; null for the subject.</param>
/// <param name="Units">Where the privacy unit is a period, how each side's times are told apart, though not those of a dataset about nobody; null else.</param>
internal sealed record PlannedJoin(
    Dataset Schema,
    PlannedSource Left,
    PlannedSource Right,
    JoinKind Kind,
    ImmutableArray<(bool Right, Field Of, Field As)> Columns,
    (Field Left, Field Right)? On,
    (Period Period, DayOffsets Left, DayOffsets Right)? Units) : PlannedSource(Schema)
{
    public override ImmutableArray<Dataset> Datasets => [.. Left.Datasets.Concat(Right.Datasets).DistinctBy(d => d.Id)];

    private IEnumerable<PlannedSource> Sides => ((PlannedSource[])[Left, Right]).SelectMany(side => side is PlannedJoin join ? join.Sides : [side]);

    private PlannedSource[] Several => [.. Sides.Where(s => !s.OneRow)];

    private bool Multiplies => Several.Count(s => !s.Schema.IsPublic) > 1;

    /// <summary>
    /// The most rows that a side of this join, or of one inside of it, brings: of one unit, or, of a dataset about nobody, with one value of the field that it is
    /// joined on. Each side keeps as many, so that all together make at most <see cref="QueryLimits.MaxJoinedRows"/>.
    /// </summary>
    public override int? MaxPerSide => Multiplies
        ? Root(QueryLimits.MaxJoinedRows, Several.Length)
        : Several.Count(s => s.Schema.IsPublic) is > 0 and { } nobodys ? Root(QueryLimits.MaxMatches, nobodys) : Sides.Max(s => s.MaxPerSide);

    /// <summary><see cref="MaxPerSide"/> of this side; null where nothing multiplies its rows.</summary>
    public int? MaxOf(PlannedSource side) => side.OneRow || !(Multiplies || side.Schema.IsPublic) ? null : MaxPerSide;

    private static int Root(int product, int factors)
    {
        int root = 1;
        while (BigInteger.Pow(root + 1, factors) <= product)
            root++;
        return root;
    }

    public override bool Couples => Left.Couples || Right.Couples;

    public override string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"join({MaxOf(Left)}:{MaxOf(Right)},{Kind},{Left.Canonical},{Right.Canonical},{On?.Left.Id}:{On?.Right.Id},{string.Join(';', Columns.Select(c => $"{c.As.Id}:{(c.Right ? "r" : "l")}{c.Of.Id}"))},{Units?.Period},{Text(Units?.Left)},{Text(Units?.Right)})");
}
