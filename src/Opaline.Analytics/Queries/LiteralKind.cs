namespace Opaline.Analytics;

/// <summary>What a literal is, in whichever form it was written.</summary>
public enum LiteralKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,
}
