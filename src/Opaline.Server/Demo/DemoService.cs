using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Opaline.Client;
using Spectre.Console;

namespace Opaline.Server.Demo;

/// <summary>Runs the demo once the server listens. A demo that fails ends the server with a sentence and an exit code.</summary>
internal sealed class DemoService(
    DemoArguments arguments, string credentialsFile, IServer server, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);

        Uri address = Address();
        try
        {
            using HttpClient http = new() { BaseAddress = address };
            using DemoClients clients = await DemoClients.OpenAsync(http, credentialsFile, stoppingToken);
            await new DemoRunner(clients, AnsiConsole.Console, time).RunAsync(stoppingToken);
            Goodbye(address);
        }
        catch (OpalineProblemException refused)
        {
            Fail($"{refused.Message} ({refused.Code})");
        }
        catch (OpalineConnectionException lost)
        {
            Fail(lost.Message);
        }
        catch (DemoException missing)
        {
            Fail(missing.Message);
        }
    }

    /// <summary>The loopback address that it listens on; a wildcard is reached through loopback too.</summary>
    private Uri Address()
    {
        string first = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:8000";
        UriBuilder address = new(first.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)) { Path = "/" };
        return address.Uri;
    }

    private void Goodbye(Uri address)
    {
        if (arguments.ExitAfterwards)
        {
            lifetime.StopApplication();
            return;
        }

        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"The server keeps running on [link]{address}[/]: try [link]{address}docs[/]. Ctrl+C ends it.");
    }

    private void Fail(string reason)
    {
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]The demo failed:[/] {reason}");
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
