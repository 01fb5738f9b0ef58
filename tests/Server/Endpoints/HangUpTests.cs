using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Server.Tests.Running;
using Opaline.Storage;

namespace Opaline.Server.Tests.Endpoints;

public class HangUpTests
{
    [Fact]
    public async Task Caller_that_hangs_up_after_its_change_still_gets_the_columns()
    {
        WatchedEventStore? events = null;
        await using RunningServer server = await RunningServer.StartAsync(customize: builder =>
        {
            ServiceDescriptor real = builder.Services.Last(s => s.ServiceType == typeof(IEventStore));
            builder.Services.Remove(real);
            builder.Services.AddHttpContextAccessor();
            builder.Services.AddSingleton<IEventStore>(services => events = new WatchedEventStore(
                (IEventStore)real.ImplementationFactory!(services),
                () => HangUpAsync(services.GetRequiredService<IHttpContextAccessor>().HttpContext)));
        });
        (HttpMethod Method, string Path, string Body)[] changes =
        [
            (HttpMethod.Post, "/api/v1/datasets", Declarations.Dataset("hung")),
            (HttpMethod.Post, "/api/v1/datasets/hung/fields", """[{"name":"city"}]"""),
            (HttpMethod.Patch, "/api/v1/datasets/hung/fields/shop", """{"treatment":"redact","domain":[],"discard_stored":true}"""),
        ];
        int before = events!.Prepared;
        for (int i = 0; i < changes.Length; i++)
        {
            (HttpMethod method, string path, string body) = changes[i];
            using StringContent content = new(body, Encoding.UTF8, "application/json");
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.SendAsync(method, path, "admin", content));
            for (int tries = 0; events.Prepared < before + i + 1 && tries < 600; tries++)
                await Task.Delay(50, TestContext.Current.CancellationToken);
            Assert.Equal(before + i + 1, events.Prepared);
        }
    }

    private static async Task HangUpAsync(HttpContext? call)
    {
        if (call is null)
            return;
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = call.RequestAborted.Register(gone.SetResult);
        call.Abort();
        await gone.Task;
    }
}
