using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Problems;

/// <summary>What breaks inside stays inside: the caller hears that, the log hears where, and neither hears values.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const string Secret = "user@example.com could not be cast";

    private readonly Collected _log = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(
        arguments: ["--Opaline:Limits:RequestSeconds=5"],
        customize: builder => builder.Services.AddSingleton<ILoggerProvider>(_log),
        map: app =>
        {
            app.MapGet("/throws", static IResult () => throw new InvalidOperationException(Secret)).AllowAnonymous();
            app.MapGet("/throws-late", static async context =>
            {
                await context.Response.WriteAsync("half of an ans");
                await context.Response.Body.FlushAsync();
                throw new InvalidOperationException(Secret);
            }).AllowAnonymous();
            app.MapGet("/never-ends", static async (HttpContext context) =>
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return "never";
            }).AllowAnonymous();
        });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Exception_becomes_a_problem_without_its_text()
    {
        using HttpResponseMessage response = await _server.GetAsync("/throws", null);
        await response.ProblemAsync(HttpStatusCode.InternalServerError, "internal");
        Assert.DoesNotContain("example.com", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(_log.Lines, l => l.Contains("InvalidOperationException", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, l => l.Contains("example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_that_breaks_half_way_does_not_look_whole() =>
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using HttpResponseMessage response = await _server.GetAsync("/throws-late", null);
        });

    [Fact]
    public async Task Call_that_takes_too_long_is_given_up()
    {
        using HttpResponseMessage response = await _server.GetAsync("/never-ends", null);
        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "timeout");
    }

    [Fact]
    public async Task Server_stops_while_calls_are_under_way_and_its_stores_open_again()
    {
        using TemporaryFolder folder = new();
        string token;
        await using (RunningServer server = await RunningServer.StartAsync(folder))
        {
            token = server.Mint("ingest", "stopper");
            for (int i = 0; i < 20; i++)
            {
                string body = $$"""{"user_id":"u{{i}}","action":"login","timestamp":"2024-01-15T10:30:00Z"}""";
                using HttpResponseMessage sent = await server.PostJsonAsync("/api/v1/events", null, body, token);
                Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
            }
        }

        await using RunningServer again = await RunningServer.StartAsync(folder);
        Assert.Equal(20, (await again.LogAsync("stopper")).Count);
    }

    private sealed class Collected : ILoggerProvider, ILogger
    {
        public ConcurrentBag<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
