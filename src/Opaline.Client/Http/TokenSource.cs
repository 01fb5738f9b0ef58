using Opaline.Client.Contracts;

namespace Opaline.Client.Http;

/// <summary>Caches the access token and renews it before it ends. Callers that need a new one at the same time share one request.</summary>
internal sealed class TokenSource(OpalineCredentials credentials, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _renewal = new(1, 1);
    private volatile Held? _held;

    /// <summary>A token that is good for a while yet.</summary>
    /// <param name="request">Sends the form to the token endpoint.</param>
    /// <param name="refused">A token that the server did not take (its signing key may have changed): never returned again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<TokenDocument> GetAsync(
        Func<OpalineCredentials, CancellationToken, Task<TokenDocument>> request, string? refused, CancellationToken cancellationToken)
    {
        if (Usable(refused) is { } token)
            return token;
        await _renewal.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Usable(refused) is { } renewed)
                return renewed;
            TokenDocument fresh = await request(credentials, cancellationToken).ConfigureAwait(false);
            // A tenth of its life, at most a minute, is left for the calls that carry it.
            TimeSpan life = TimeSpan.FromSeconds(fresh.ExpiresIn);
            TimeSpan margin = life / 10 < TimeSpan.FromMinutes(1) ? life / 10 : TimeSpan.FromMinutes(1);
            _held = new Held(fresh, time.GetUtcNow() + life - margin);
            return fresh;
        }
        finally
        {
            _renewal.Release();
        }
    }

    public void Dispose() => _renewal.Dispose();

    private TokenDocument? Usable(string? refused) =>
        _held is { } held && held.RenewAt > time.GetUtcNow() && held.Token.AccessToken != refused ? held.Token : null;

    private sealed record Held(TokenDocument Token, DateTimeOffset RenewAt);
}
