using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Opaline.Client;
using Opaline.Client.Contracts;

namespace Opaline.EndToEnd.Tests.Servers;

/// <summary>A server in a process of its own, on a loopback port of its own, over a folder of the caller's. It ends with this object.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private const int FirstPort = 20_000;
    private const int Ports = 12_000;

    private static int s_ports = System.Security.Cryptography.RandomNumberGenerator.GetInt32(Ports);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly HttpClient _http;

    private ServerProcess(Process process, string folder, Uri address)
    {
        _process = process;
        Folder = folder;
        Address = address;
        _http = new HttpClient { BaseAddress = address };
    }

    public string Folder { get; }

    public Uri Address { get; }

    public string DataFolder => Path.Combine(Folder, "data");

    public string CredentialsFile => Path.Combine(Folder, "keys", "credentials.json");

    public int Id => _process.Id;

    /// <summary>Everything that it has written to its console.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="folder">Holds data/ and keys/.</param>
    /// <param name="port">Its port; 0: a free one.</param>
    /// <param name="arguments">More for its command line.</param>
    /// <param name="environment">More for its environment.</param>
    /// <exception cref="ServerDidNotStartException">It ended instead.</exception>
    public static async Task<ServerProcess> StartAsync(
        string folder, int port = 0, IReadOnlyList<string>? arguments = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        ServerProcess server = Launch(folder, port, arguments, environment);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server without waiting for anything.</summary>
    public static ServerProcess Launch(
        string folder, int port = 0, IReadOnlyList<string>? arguments = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        Directory.CreateDirectory(folder);
        Uri address = new($"http://127.0.0.1:{(port == 0 ? FreePort() : port)}/");
        string server = Checkout.Built("Opaline.Server", "Opaline.Server.dll");
        ProcessStartInfo start = new("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in (string[])
            [
                server, "--urls", address.ToString(),
                $"--Opaline:Storage:DataFolder={Path.Combine(folder, "data")}", $"--Opaline:Keys:Folder={Path.Combine(folder, "keys")}",
                .. arguments ?? [],
            ])
        {
            start.ArgumentList.Add(argument);
        }

        // A test framework's own environment must not reach the server.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("Opaline__", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        Process process = new() { StartInfo = start };
        ServerProcess made = new(process, folder, address);
        process.OutputDataReceived += (_, line) => made.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => made.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return made;
    }

    public async Task WaitUntilReadyAsync(TimeSpan? limit = null)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync();
                throw new ServerDidNotStartException(_process.ExitCode, Output);
            }

            try
            {
                using HttpResponseMessage ready = await _http.GetAsync("health/ready");
                if (ready.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
            {
                // It does not listen yet, or does not answer in time.
            }

            if (waited.Elapsed > (limit ?? StartLimit))
                throw new TimeoutException($"The server was not ready within {limit ?? StartLimit}:\n{Output}");
            await Task.Delay(20);
        }
    }

    /// <summary>A client of that role, by the first start's credentials.</summary>
    public OpalineClient Client(string role, OpalineClientOptions? options = null) => Client(_http, role, options);

    public OpalineClient Client(HttpClient http, string role, OpalineClientOptions? options = null)
    {
        CredentialDocument found = Credentials().Single(c => c.Role == role);
        return new OpalineClient(http, new OpalineCredentials(found.ClientId, found.ClientSecret), options);
    }

    public IReadOnlyList<CredentialDocument> Credentials() =>
        JsonSerializer.Deserialize<IReadOnlyList<CredentialDocument>>(File.ReadAllBytes(CredentialsFile), OpalineJson.Options)!;

    /// <summary>Waits until a public tick after now, at which everything acknowledged before has taken effect.</summary>
    public async Task WaitForTickAsync()
    {
        using OpalineClient analyst = Client("analyst");
        DateTime now = DateTime.UtcNow;
        Stopwatch waited = Stopwatch.StartNew();
        while ((await analyst.GetBudgetAsync()).AsOf <= now)
        {
            if (waited.Elapsed > StartLimit)
                throw new TimeoutException("No public tick came.");
            await Task.Delay(50);
        }
    }

    /// <summary>SIGKILL: nothing of it runs any more when this returns.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            using Process kill = Process.Start("kill", ["-TERM", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        return await WaitForExitAsync(StopLimit);
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using CancellationTokenSource late = new(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server did not end within {limit}:\n{Output}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        _http.Dispose();
    }

    /// <summary>
    /// A port that nobody listens on. Below the range from which the kernel gives ports to whoever connects, and given out once, so that a server that
    /// was killed finds its port again.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            int port = FirstPort + (Interlocked.Increment(ref s_ports) % Ports);
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one.
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }
}
