using Opaline.Server.Tests.Running;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Opaline.Server.Tests.Running;

/// <summary>One server for all tests that need no configuration of their own. Its limits do not stand in their way.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private RunningServer? _server;

    public RunningServer Server => _server ?? throw new InvalidOperationException("The server has not started.");

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(arguments:
    [
        "--Opaline:RateLimits:Client=1000000",
        "--Opaline:RateLimits:Anonymous=1000000",
        "--Opaline:RateLimits:Token=1000000",
        "--Opaline:Budgets:Principal:Epsilon=1000",
        "--Opaline:Budgets:Department:Epsilon=1000",
        "--Opaline:Budgets:Dataset:Epsilon=1000",
    ]);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
