using System.Text;

namespace Opaline.KeyManagement;

/// <summary>
/// An access token in a file that somebody else keeps fresh (an agent's sink, a mounted service account, a timer). It is read for every call, and
/// calls are few, so a new token counts at once.
/// </summary>
public sealed class TokenFile : IAccessTokens
{
    private readonly string _path;

    /// <summary>Names the file.</summary>
    /// <param name="path">Its content, without line breaks at the end, is the token.</param>
    public TokenFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
    }

    /// <inheritdoc/>
    public ValueTask<string> ExposeAsync(bool renew, CancellationToken cancellationToken)
    {
        using SecretBytes token = SecretFile.Read(_path, "The access token file");
        // What is no visible ASCII would break the header that it goes into.
        return token.Expose().ContainsAnyExceptInRange((byte)'!', (byte)'~')
            ? throw new KeyUnavailableException(KeyFailure.Configuration, $"The access token file '{_path}' holds something that is no token.")
            : ValueTask.FromResult(Encoding.ASCII.GetString(token.Expose()));
    }
}
