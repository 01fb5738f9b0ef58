namespace Opaline.KeyManagement;

/// <summary>What every provider says when its service refuses: the kind and what to do, never what the service wrote.</summary>
internal static class KeyServiceRefusal
{
    public static KeyUnavailableException Of(KeyFailure failure) => new(failure, failure switch
    {
        KeyFailure.NotThere => "The key service knows no such key or version: check the configured key.",
        KeyFailure.Denied => "The key service refuses these credentials: check that they are valid and may use the key.",
        KeyFailure.Disabled => "The root key, or this version of it, is disabled or about to be destroyed: enable it in the key service.",
        KeyFailure.Destroyed => "This version of the root key is destroyed: what it wrapped can never be opened.",
        KeyFailure.DoesNotOpen => "The root key does not open this: it was wrapped by another key or for another purpose, or it is damaged.",
        KeyFailure.Throttled => "The key service refuses so many calls: try again later, or raise its quota.",
        KeyFailure.Unreachable => "The key service does not answer: check its address and the network.",
        _ => "The key service's answer is not of the form that it publishes: check its address and version.",
    });

    public static KeyUnavailableException OfStatus(int status) => Of(status switch
    {
        401 or 403 => KeyFailure.Denied,
        404 => KeyFailure.NotThere,
        _ => KeyFailure.Malformed,
    });

    public static KeyUnavailableException InUse() => new(
        KeyFailure.InUse, "This version of the root key is the primary one: rotate first, and wrap again what is under it.");

    /// <summary>A stored key that names another root key is not sent to this one.</summary>
    public static void RequireKey(WrappedKey wrapped, string keyId)
    {
        if (!string.Equals(wrapped.KeyId, keyId, StringComparison.Ordinal))
            throw new KeyUnavailableException(KeyFailure.DoesNotOpen, "This data was wrapped by another root key: configure the one that belongs to it.");
    }
}
