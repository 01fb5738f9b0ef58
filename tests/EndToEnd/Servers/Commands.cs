using System.Diagnostics;

namespace Opaline.EndToEnd.Tests.Servers;

/// <summary>Runs programs to their end.</summary>
internal static class Commands
{
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null, string? folder = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? "",
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        using CancellationTokenSource late = new(TimeSpan.FromMinutes(3));
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(late.Token);
        try
        {
            await process.WaitForExitAsync(late.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end.");
        }
    }

    /// <summary>Runs the built opaline tool under a profile.</summary>
    public static Task<(int ExitCode, string Output, string Error)> OpalineAsync(string profile, params string[] arguments) => RunAsync(
        "dotnet", [Checkout.Built("Opaline.Cli", "opaline.dll"), .. arguments], new Dictionary<string, string> { ["OPALINE_PROFILE"] = profile });
}
