using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Opaline.Client.Contracts;

namespace Opaline.Client.Http;

/// <summary>Sends requests with a token, repeats them as far as that is safe, and turns refusals into exceptions.</summary>
internal sealed class Transport(HttpClient http, OpalineCredentials credentials, OpalineClientOptions options, TimeProvider time) : IDisposable
{
    private readonly TokenSource _tokens = new(credentials, time);
    private readonly RetryDelay _delay = new(options, time);

    public ValueTask<TokenDocument> GetTokenAsync(string? refused, CancellationToken cancellationToken) =>
        _tokens.GetAsync(RequestTokenAsync, refused, cancellationToken);

    /// <summary>Sends what <paramref name="request"/> makes (anew for each attempt) and reads the answer.</summary>
    public Task<T> SendAsync<T>(Func<HttpRequestMessage> request, Repeat repeat, CancellationToken cancellationToken) =>
        WithTokenAsync(request, repeat, HttpCompletionOption.ResponseContentRead, ReadAndCloseAsync<T>, cancellationToken);

    /// <summary>Sends a request whose answer is a stream; the caller disposes of the answer.</summary>
    public Task<HttpResponseMessage> OpenAsync(Func<HttpRequestMessage> request, Repeat repeat, CancellationToken cancellationToken) =>
        WithTokenAsync(request, repeat, HttpCompletionOption.ResponseHeadersRead, static (response, _) => Task.FromResult(response), cancellationToken);

    private async Task<T> WithTokenAsync<T>(
        Func<HttpRequestMessage> request,
        Repeat repeat,
        HttpCompletionOption completion,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        TokenDocument token = await GetTokenAsync(null, cancellationToken).ConfigureAwait(false);
        try
        {
            return await AttemptsAsync(() => WithToken(request(), token), repeat, completion, read, cancellationToken).ConfigureAwait(false);
        }
        catch (OpalineProblemException refused) when (refused.Status == HttpStatusCode.Unauthorized)
        {
            // The token may have ended on the way, or the server started anew with another key: one more try with a new one.
            token = await GetTokenAsync(token.AccessToken, cancellationToken).ConfigureAwait(false);
            return await AttemptsAsync(() => WithToken(request(), token), repeat, completion, read, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The same without a token.</summary>
    public Task<T> SendAnonymousAsync<T>(Func<HttpRequestMessage> request, Repeat repeat, CancellationToken cancellationToken) =>
        AttemptsAsync(request, repeat, HttpCompletionOption.ResponseContentRead, ReadAndCloseAsync<T>, cancellationToken);

    public void Dispose() => _tokens.Dispose();

    private static HttpRequestMessage WithToken(HttpRequestMessage request, TokenDocument token)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
        return request;
    }

    private Task<TokenDocument> RequestTokenAsync(OpalineCredentials who, CancellationToken cancellationToken) => SendAnonymousAsync<TokenDocument>(
        () => new HttpRequestMessage(HttpMethod.Post, "connect/token")
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"),
                new("client_id", who.ClientId),
                new("client_secret", who.ClientSecret),
            ]),
        },
        Repeat.Always,
        cancellationToken);

    private async Task<T> AttemptsAsync<T>(
        Func<HttpRequestMessage> request,
        Repeat repeat,
        HttpCompletionOption completion,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            bool last = attempt == options.MaxAttempts;
            TimeSpan? wait;
            try
            {
                using HttpRequestMessage message = request();
                HttpResponseMessage response = await http.SendAsync(message, completion, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                    return await read(response, cancellationToken).ConfigureAwait(false);
                using HttpResponseMessage refused = response;
                wait = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
                    ? _delay.After(attempt, response.Headers.RetryAfter)
                    : null;
                if (last || wait is null)
                    throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception lost) when (IsLostConnection(lost, cancellationToken))
            {
                wait = _delay.After(attempt, null);
                if (last || repeat != Repeat.Always || wait is null)
                {
                    throw new OpalineConnectionException(
                        $"No answer from {http.BaseAddress}: check that the server runs there and that the address is right.", lost);
                }
            }

            await Task.Delay(wait.Value, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the exception says that the connection is gone, and not that the caller ended the call.</summary>
    public static bool IsLostConnection(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static async Task<T> ReadAndCloseAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using HttpResponseMessage closing = response;
        try
        {
            return await response.Content.ReadFromJsonAsync(OpalineJson.Of<T>(), cancellationToken).ConfigureAwait(false)
                ?? throw Foreign(response.StatusCode);
        }
        catch (JsonException)
        {
            throw Foreign(response.StatusCode);
        }
    }

    private static async Task<OpalineProblemException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            if (body.Length > 0 && JsonSerializer.Deserialize(body, OpalineJson.Of<ProblemDocument>()) is { } problem)
                return new OpalineProblemException(response.StatusCode, FromOAuth(problem, body));
        }
        catch (JsonException)
        {
            return Foreign(response.StatusCode);
        }

        return Foreign(response.StatusCode);
    }

    /// <summary>The token endpoint speaks RFC 6749: <c>error</c> and <c>error_description</c>.</summary>
    private static ProblemDocument FromOAuth(ProblemDocument problem, byte[] body)
    {
        if (problem.Code is not null)
            return problem;
        using JsonDocument json = JsonDocument.Parse(body);
        return problem with
        {
            Code = Text(json, "error"),
            Detail = problem.Detail ?? Text(json, "error_description"),
        };
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.ValueKind == JsonValueKind.Object
        && json.RootElement.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static OpalineProblemException Foreign(HttpStatusCode status) => new(status, new ProblemDocument
    {
        Status = (int)status,
        Title = $"The answer ({(int)status}) is not one of an Opaline server: check the address, and proxies on the way.",
    });
}
