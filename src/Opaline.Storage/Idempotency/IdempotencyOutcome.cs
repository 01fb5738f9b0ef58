namespace Opaline.Storage;

/// <summary>What is known of an idempotency key.</summary>
public enum IdempotencyOutcome
{
    /// <summary>Not seen before; now remembered.</summary>
    First,

    /// <summary>Seen with the same body.</summary>
    Repeat,

    /// <summary>Seen with another body.</summary>
    Conflict,
}
