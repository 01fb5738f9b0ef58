using Opaline.Cli.Commands;

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl+C ends the command in order, a second one the process.
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
return await OpalineCommand.RunAsync(args, stop.Token);
