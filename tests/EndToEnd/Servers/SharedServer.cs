namespace Opaline.EndToEnd.Tests.Servers;

/// <summary>One server for the tests that only look at its surface.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServerProcess? _server;

    internal ServerProcess Server => _server!;

    public async ValueTask InitializeAsync() =>
        _server = await ServerProcess.StartAsync(_folder.Path, arguments: ["--Opaline:Storage:TickSeconds=1"]);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }
}
