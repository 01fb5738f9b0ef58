namespace Opaline.Ingestion;

/// <summary>What stands at a path of an event.</summary>
internal enum CellKind : byte
{
    Text,
    Number,
    True,
    False,

    /// <summary>An array, or an object below the levels that are flattened: one value, sealed whole.</summary>
    Whole,
}
