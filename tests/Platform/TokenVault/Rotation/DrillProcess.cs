using System.Diagnostics;

namespace Opaline.Platform.Tests.TokenVault.Rotation;

/// <summary>A <see cref="DrillServer"/> in a process of its own.</summary>
internal sealed class DrillProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public DrillProcess(string folder, string url)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[typeof(DrillProcess).Assembly.Location, DrillServer.Verb, folder, url])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Gives a command and waits for the answer.</summary>
    public async Task<string> SayAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException($"The process ended at '{command}': {await _errors}");
    }

    /// <summary>SIGKILL: nothing of it runs any more when this returns.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends its input, and so it.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
