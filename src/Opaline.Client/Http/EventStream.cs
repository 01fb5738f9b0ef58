using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Opaline.Client.Contracts;

namespace Opaline.Client.Http;

/// <summary>Reads a stream of server-sent events, and connects again when it ends: with the token, with the server, or with the connection.</summary>
internal sealed class EventStream(Transport transport, OpalineClientOptions options, TimeProvider time)
{
    // The server is silent for 15 seconds at most.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private readonly RetryDelay _delay = new(options, time);

    /// <summary>Events until the caller ends it.</summary>
    /// <exception cref="OpalineConnectionException">The server was not reached, or gave no event, in as many attempts as are allowed.</exception>
    public async IAsyncEnumerable<T> ReadAsync<T>(RequestPath path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int fruitless = 1; fruitless <= options.MaxAttempts; fruitless++)
        {
            using HttpResponseMessage response = await transport.OpenAsync(
                () => new HttpRequestMessage(HttpMethod.Get, path.ToString()), Repeat.Always, cancellationToken).ConfigureAwait(false);
            using CancellationTokenSource silent = new();
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancellationToken);
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                IAsyncEnumerator<SseItem<T>> events = SseParser
                    .Create(body, static (_, data) => JsonSerializer.Deserialize(data, OpalineJson.Of<T>())!)
                    .EnumerateAsync(either.Token).GetAsyncEnumerator(either.Token);
                await using (events.ConfigureAwait(false))
                {
                    while (await NextAsync(events, silent, cancellationToken).ConfigureAwait(false))
                    {
                        fruitless = 0;
                        yield return events.Current.Data;
                    }
                }
            }

            await Task.Delay(_delay.After(Math.Max(1, fruitless), null) ?? options.MaxDelay, time, cancellationToken).ConfigureAwait(false);
        }

        throw new OpalineConnectionException("The server's event streams end before their first event: check the proxies on the way.");
    }

    private static async Task<bool> NextAsync<T>(IAsyncEnumerator<SseItem<T>> events, CancellationTokenSource silent, CancellationToken cancellationToken)
    {
        silent.CancelAfter(Silence);
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception lost) when (Transport.IsLostConnection(lost, cancellationToken))
        {
            return false;
        }
    }
}
