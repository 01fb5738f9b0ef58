namespace Opaline.Client.Http;

/// <summary>What makes it safe to send a request again.</summary>
internal enum Repeat
{
    /// <summary>It is idempotent, by nature or by its key: also after a lost connection.</summary>
    Always,

    /// <summary>It may have taken effect when the connection was lost; only an answer that says it did not (429, 503) allows another attempt.</summary>
    WhenRefused,
}
