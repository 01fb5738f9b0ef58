using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>
/// Calls of a key service over HTTP: JSON both ways, a bounded number of attempts with growing, jittered pauses (what the service asks for, within
/// reason), and errors without a word of what was sent or answered.
/// </summary>
internal sealed class KeyServiceChannel
{
    public const int Attempts = 4;

    private const int LongestAnswer = 65_536;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly Action<HttpRequestMessage>? _prepare;
    private readonly IAccessTokens? _tokens;
    private readonly string _tokenHeader;
    private readonly string _tokenPrefix;

    /// <summary>A channel to a service that needs no token.</summary>
    public KeyServiceChannel(HttpClient http, Uri address, TimeProvider time, Action<HttpRequestMessage>? prepare = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        _http = http;
        _address = address;
        _time = time;
        _prepare = prepare;
        (_tokenHeader, _tokenPrefix) = ("", "");
    }

    /// <summary>A channel to a service that needs one. It must be encrypted, unless the service is on this machine.</summary>
    public KeyServiceChannel(
        HttpClient http, Uri address, TimeProvider time, IAccessTokens tokens, string tokenHeader, string tokenPrefix, Action<HttpRequestMessage>? prepare = null)
        : this(http, address, time, prepare)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (!IsPrivate(address))
            throw new ArgumentException("The address of a key service must be an absolute https URL (http on loopback only).", nameof(address));
        _tokens = tokens;
        _tokenHeader = tokenHeader;
        _tokenPrefix = tokenPrefix;
    }

    public static bool IsPrivate(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
    }

    /// <summary>Sends a request until it is answered with something that another attempt would not change. The caller disposes of the answer.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Below the address.</param>
    /// <param name="body">JSON, or null.</param>
    /// <param name="repeatable">Whether it may be sent again although it may have been carried out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">Throttled or unreachable to the last attempt, or the answer is too long.</exception>
    public async Task<KeyServiceAnswer> SendAsync(
        HttpMethod method, string path, KeyServiceRequest? body, bool repeatable, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? content = body?.ExposeFinished();
        bool renewed = false;
        for (int attempt = 1; ; attempt++)
        {
            (KeyServiceAnswer? answer, string? fault) = await TryAsync(method, path, content, renewed, cancellationToken).ConfigureAwait(false);
            if (answer is { Status: 401 or 403 } && _tokens is not null && !renewed)
            {
                // Perhaps the token has just expired.
                renewed = true;
                answer.Dispose();
                continue;
            }
            if (answer is not null && !IsPassing(answer.Status))
                return answer;

            bool throttled = answer?.Status == (int)HttpStatusCode.TooManyRequests;
            TimeSpan? asked = answer?.RetryAfter;
            answer?.Dispose();
            if (attempt >= Attempts || (!repeatable && !throttled))
                throw Failed(throttled, fault ?? "it answers that it cannot serve");
            await Task.Delay(Pause(attempt, asked), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsPassing(int status) => status is 408 or 429 or 500 or 502 or 503 or 504;

    private static TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        TimeSpan pause = FirstPause * (1 << (attempt - 1));
        pause += TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)pause.TotalMilliseconds));
        pause = asked > pause ? asked.Value : pause;
        return pause < LongestPause ? pause : LongestPause;
    }

    private static KeyUnavailableException Failed(bool throttled, string why) => throttled
        ? new(KeyFailure.Throttled, "The key service refuses so many calls: try again later, or raise its quota.")
        : new(KeyFailure.Unreachable, $"The key service does not answer ({why}): check its address and the network.");

    private static async Task<SecretBuffer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        SecretBuffer buffer = new(LongestAnswer);
        try
        {
            using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                Memory<byte> room = buffer.GetMemoryToWrite();
                if (room.IsEmpty)
                    throw KeyServiceAnswer.Malformed();
                int read = await stream.ReadAsync(room, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    return buffer;
                buffer.Advance(read);
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private async Task<(KeyServiceAnswer? Answer, string? Fault)> TryAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? content, bool renew, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(AttemptTimeout, _time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using HttpRequestMessage request = await RequestAsync(method, path, content, renew, both.Token).ConfigureAwait(false);
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            SecretBuffer body = await ReadAsync(response, both.Token).ConfigureAwait(false);
            return (new KeyServiceAnswer((int)response.StatusCode, response.Headers.RetryAfter?.Delta, body), null);
        }
        catch (HttpRequestException e)
        {
            // Its text may quote the answer; the kind of error may not.
            return (null, e.HttpRequestError.ToString());
        }
        catch (IOException)
        {
            return (null, "the connection broke");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "no answer in time");
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? content, bool renew, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = new(method, new Uri(_address, path));
        if (content is { } json)
        {
            request.Content = new ReadOnlyMemoryContent(json);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        if (_tokens is not null)
        {
            string token = await _tokens.ExposeAsync(renew, cancellationToken).ConfigureAwait(false);
            request.Headers.TryAddWithoutValidation(_tokenHeader, _tokenPrefix + token);
        }
        _prepare?.Invoke(request);
        return request;
    }
}
