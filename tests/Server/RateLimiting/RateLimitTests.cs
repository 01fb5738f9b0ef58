using System.Globalization;
using System.Net;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.RateLimiting;

public sealed class RateLimitTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(arguments:
    [
        // One a minute or less comes back while a test runs.
        "--Opaline:RateLimits:Client=3",
        "--Opaline:RateLimits:Ingest=2",
        "--Opaline:RateLimits:Anonymous=4",
        "--Opaline:RateLimits:Token=3",
    ]);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Client_beyond_its_limit_is_told_when_to_come_again_and_recorded_while_others_are_served()
    {
        for (int left = 2; left >= 0; left--)
        {
            using HttpResponseMessage served = await _server.GetAsync("/api/v1/datasets", "analyst");
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            Assert.Equal("3", Header(served, "RateLimit-Limit"));
            Assert.Equal(left, int.Parse(Header(served, "RateLimit-Remaining"), CultureInfo.InvariantCulture));
            Assert.InRange(int.Parse(Header(served, "RateLimit-Reset"), CultureInfo.InvariantCulture), 1, 60);
        }

        using HttpResponseMessage refused = await _server.GetAsync("/api/v1/datasets", "analyst");
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("0", Header(refused, "RateLimit-Remaining"));
        Assert.Equal("rate_limited", (await _server.LogAsync("analyst", 1))[0].Record.Outcome);

        using HttpResponseMessage other = await _server.GetAsync("/api/v1/datasets", "viewer");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Token_endpoint_is_limited_by_address_whoever_asks()
    {
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage served = await _server.RequestTokenAsync("admin", "guess");
            Assert.Equal(HttpStatusCode.Unauthorized, served.StatusCode);
            Assert.Equal("3", Header(served, "RateLimit-Limit"));
        }

        using HttpResponseMessage refused = await _server.RequestTokenAsync("viewer", "guess");
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task Callers_without_a_token_share_the_limit_of_their_address()
    {
        string[] paths = ["/health/live", "/api/v1/datasets", "/docs/index.html", "/nowhere"];
        foreach (string path in paths)
        {
            using HttpResponseMessage served = await _server.GetAsync(path, null);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, served.StatusCode);
            Assert.Equal("4", Header(served, "RateLimit-Limit"));
        }

        using HttpResponseMessage refused = await _server.GetAsync("/health/live", null);
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task Sending_events_has_a_limit_of_its_own()
    {
        using HttpResponseMessage served = await _server.PostJsonAsync("/api/v1/events", "ingest", "{");
        Assert.Equal("2", Header(served, "RateLimit-Limit"));
        using HttpResponseMessage read = await _server.GetAsync("/api/v1/datasets", "ingest");
        Assert.Equal("3", Header(read, "RateLimit-Limit"));
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
