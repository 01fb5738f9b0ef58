namespace Opaline.Ingestion;

/// <summary>The codes of <see cref="IngestRefusedException"/>. Stable: clients switch on them.</summary>
public static class IngestRefusals
{
    /// <summary>The body is not well-formed JSON (400).</summary>
    public const string MalformedJson = "malformed_json";

    /// <summary>The body has more bytes than allowed (413).</summary>
    public const string BodyTooLarge = "body_too_large";

    /// <summary>The body has more events than allowed (413).</summary>
    public const string TooManyEvents = "too_many_events";

    /// <summary>No event of the body is valid (400); the exception lists why.</summary>
    public const string InvalidEvents = "invalid_events";

    /// <summary>The Idempotency-Key is empty, too long or holds odd characters (400).</summary>
    public const string InvalidIdempotencyKey = "invalid_idempotency_key";

    /// <summary>The source is empty, too long or holds odd characters (400).</summary>
    public const string InvalidSource = "invalid_source";

    /// <summary>The Idempotency-Key came before with another body (422).</summary>
    public const string IdempotencyConflict = "idempotency_conflict";
}
