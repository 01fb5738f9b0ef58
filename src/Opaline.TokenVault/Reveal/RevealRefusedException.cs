namespace Opaline.TokenVault;

/// <summary>Nothing was revealed, and nothing is charged to the quota.</summary>
/// <param name="code">Stable code.</param>
/// <param name="detail">What is wrong and what to do, without any value of the request.</param>
/// <param name="path">Where in the request, or null.</param>
public sealed class RevealRefusedException(string code, string detail, string? path = null) : Exception(detail)
{
    /// <summary>The reason is too short, too long, or holds control characters.</summary>
    public const string InvalidReason = "invalid_reason";

    /// <summary>There is no token, or there are too many.</summary>
    public const string InvalidBatch = "invalid_batch";

    /// <summary>A text is no token.</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>The quota of this hour does not hold the batch.</summary>
    public const string QuotaExhausted = "reveal_quota_exhausted";

    /// <summary>Stable code.</summary>
    public string Code { get; } = code;

    /// <summary>Where in the request, or null.</summary>
    public string? Path { get; } = path;
}
