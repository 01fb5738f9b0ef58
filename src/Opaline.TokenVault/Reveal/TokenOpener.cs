using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>
/// Finds the entries behind display tokens. A token does not say its scope, so the key of every scope is tried, and always of all of them: a token of
/// nobody takes as long as one of somebody.
/// </summary>
internal sealed class TokenOpener(TenantRing ring, IEnumerable<string> storedScopes) : IDisposable
{
    private readonly string[] _scopes = [.. storedScopes];
    private readonly Dictionary<int, DisplayKey[]> _keys = [];

    /// <summary>The entry and its stored scope; 0 and empty if the token is none of these scopes, or of no version that opens.</summary>
    public (long Id, string Scope) Open(in DisplayToken token)
    {
        // Nothing opens a version that is not there, or was revoked or destroyed; the work is done all the same.
        int version = ring.Has(token.Version) ? token.Version : ring.Versions.Primary.Number;
        if (!_keys.TryGetValue(version, out DisplayKey[]? keys))
            _keys[version] = keys = [.. _scopes.Select(s => ring.DisplayKey(s, TokenKind.Identifier, version))];
        (long Id, string Scope) found = (0, "");
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i].TryOpen(token, out long id) && token.Version == version)
                found = (id, _scopes[i]);
        }

        return found;
    }

    public void Dispose()
    {
        foreach (DisplayKey key in _keys.Values.SelectMany(k => k))
            key.Dispose();
    }
}
