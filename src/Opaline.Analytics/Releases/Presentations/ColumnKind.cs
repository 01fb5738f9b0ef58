namespace Opaline.Analytics;

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    /// <summary>The text of a key.</summary>
    Key,

    /// <summary>A number.</summary>
    Number,
}
