namespace Opaline.Analytics;

/// <summary>Which rows of the first side a join keeps. There is no join that keeps those of the second: they may be about nobody the first side knows.</summary>
public enum JoinKind
{
    /// <summary>Those that meet a row of the second side.</summary>
    Inner,

    /// <summary>All; the fields of the second side are missing where no row meets them.</summary>
    Left,
}
