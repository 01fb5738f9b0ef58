using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Auditing;

/// <summary>Those whom no token names leave their mark, and no more than one a minute.</summary>
public class AnonymousRefusalTests
{
    [Fact]
    public async Task Refusals_at_the_doors_are_recorded_once_a_minute_with_their_count_and_without_an_address()
    {
        ShiftedTime time = new();
        await using RunningServer server = await RunningServer.StartAsync(
            arguments: ["--Opaline:RateLimits:Token=2"], customize: builder => builder.Services.AddSingleton<TimeProvider>(time));
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage refused = await server.GetAsync("/api/v1/audit", null);
            await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
            using HttpResponseMessage init = await server.PostJsonAsync("/api/v1/init", null, """{"code":"guess"}""");
            await init.ProblemAsync(HttpStatusCode.Conflict, "already_initialized");
            using HttpResponseMessage token = await server.RequestTokenAsync("nobody", "guess");
            Assert.Equal(i < 2 ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, token.StatusCode);
            using HttpResponseMessage nothing = await server.GetAsync("/nothing-here", null);
            Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        }

        Assert.Equal(
            [
                ("access_denied", "endpoint/api/v1/audit", "unauthenticated", """{"refused_before":0}"""),
                ("login", "endpoint/connect/token", "rate_limited", """{"refused_before":0}"""),
                ("login", "token", "invalid_client", null),
                ("login", "token", "invalid_client", null),
                ("system", "endpoint/api/v1/init", "already_initialized", """{"refused_before":0}"""),
            ],
            await RecordsAsync(server));

        time.Ahead += TimeSpan.FromMinutes(1);
        using HttpResponseMessage later = await server.GetAsync("/api/v1/datasets", null);
        await later.ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Contains(
            ("access_denied", "endpoint/api/v1/datasets", "unauthenticated", """{"refused_before":4}"""), await RecordsAsync(server));
        Assert.DoesNotContain(await server.LogAsync(), e => e.Record.ToString().Contains("127.0.0.1", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<(string Action, string Object, string Outcome, string? Detail)>> RecordsAsync(RunningServer server) =>
    [
        .. (await server.LogAsync("anonymous"))
            .Select(e => (e.Record.Action, e.Record.Object, e.Record.Outcome, e.Record.Detail))
            .Order(),
    ];
}
