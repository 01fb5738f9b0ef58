namespace Opaline.Analytics;

/// <summary>What a planned expression gives.</summary>
internal enum ValueKind
{
    /// <summary>A condition: true, false or missing.</summary>
    Boolean,

    /// <summary>A number on a public grid, as a 64-bit number of steps.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A calendar date.</summary>
    Date,

    /// <summary>An instant.</summary>
    Instant,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary>The dictionary id of a tokenized value, which is compared with nothing and never leaves.</summary>
    Token,
}
