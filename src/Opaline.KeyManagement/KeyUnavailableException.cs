namespace Opaline.KeyManagement;

/// <summary>
/// A key is not there, may not be used, or does not open what it should. The message says what to do; it holds no key material and nothing that
/// a key service answered.
/// </summary>
/// <param name="failure">Why.</param>
/// <param name="message">What to do.</param>
/// <param name="inner">Its cause in this process, where there is one.</param>
public sealed class KeyUnavailableException(KeyFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public KeyFailure Failure { get; } = failure;
}
