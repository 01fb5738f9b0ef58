namespace Opaline.Server.Problems;

/// <summary>The codes that the gateway itself gives. Stable: clients program against them. Ingestion and Analytics add their own.</summary>
internal static class ProblemCodes
{
    public const string Unauthenticated = "unauthenticated";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string BadRequest = "bad_request";
    public const string BadJson = "bad_json";
    public const string BadEncoding = "bad_encoding";
    public const string BadParameter = "bad_parameter";
    public const string UnknownParameter = "unknown_parameter";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string UnsupportedEncoding = "unsupported_encoding";
    public const string BodyTooLarge = "body_too_large";
    public const string RateLimited = "rate_limited";
    public const string TooManyStreams = "too_many_streams";
    public const string Timeout = "timeout";
    public const string StorageUnavailable = "storage_unavailable";
    public const string KeysUnavailable = "keys_unavailable";
    public const string Internal = "internal";
    public const string UnknownDataset = "unknown_dataset";
    public const string UnknownSubject = "unknown_subject";
    public const string UnknownErasure = "unknown_erasure";
    public const string UnknownRotation = "unknown_rotation";
    public const string KeyInUse = "key_in_use";
    public const string NotListed = "not_listed";
    public const string NoRelease = "no_release";
    public const string WouldDiscard = "would_discard";
    public const string AuthorityUnavailable = "authority_unavailable";
    public const string WrongInitCode = "wrong_init_code";
    public const string AlreadyInitialized = "already_initialized";
}
