namespace Opaline.Storage;

/// <summary>Why a text has no tree.</summary>
public enum SqlFault
{
    /// <summary>It is not SQL.</summary>
    Syntax,

    /// <summary>It is a statement other than SELECT.</summary>
    NotSelect,

    /// <summary>It is nested too deeply.</summary>
    TooComplex,
}
