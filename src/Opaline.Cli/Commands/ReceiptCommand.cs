using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline receipt</c>: receipts of erasures.</summary>
internal static class ReceiptCommand
{
    public static Command Create() => new("receipt", "Receipts of erasures: get, key, verify.") { Get(), Key(), Verify() };

    private static Command Get()
    {
        Argument<string> id = new("erasure") { Description = "Name of the erasure.", HelpName = "ID" };
        return new Command("get", "Gets the receipt of an erasure as it is now.") { id }
            .Does(async (session, parsed, cancellationToken) =>
            {
                ErasureDocument erasure = await session.Client("auditor", "admin").FindErasureAsync(parsed.GetRequiredValue(id), cancellationToken)
                    ?? throw new UsageException("There is no erasure of this name.");
                session.Screen.Show(erasure, _ => Screen.Line(erasure.Receipt ?? $"The erasure is {erasure.State}; there is no receipt yet."));
                return erasure.Receipt is null ? ExitCode.Incomplete : ExitCode.Ok;
            });
    }

    private static Command Key() => new Command("key", "Gets the public key of a server's receipts, in PEM: opaline receipt key > receipt.pem.")
        .Does(async (session, _, cancellationToken) =>
        {
            ReceiptKeyDocument key = await session.Client("auditor", "admin").GetReceiptKeyAsync(cancellationToken);
            session.Screen.Show(key, _ => Screen.Line(key.Pem));
            return ExitCode.Ok;
        });

    private static Command Verify()
    {
        Argument<FileInfo> file = new("file") { Description = "The receipt, or the answer that held it.", HelpName = "FILE" };
        Option<FileInfo> key = new("--key") { Description = "The public key in PEM, got when the server was trusted.", HelpName = "FILE", Required = true };
        return new Command("verify", "Checks a receipt offline and shows what it says.") { file, key }
            .Does(async (session, parsed, cancellationToken) =>
            {
                string text = await File.ReadAllTextAsync(parsed.GetRequiredValue(file).FullName, cancellationToken);
                string pem = await File.ReadAllTextAsync(parsed.GetRequiredValue(key).FullName, cancellationToken);
                try
                {
                    ErasureReceiptDocument receipt = ErasureReceipt.Verify(Receipt(text), pem);
                    session.Screen.Show(receipt, _ => Write(receipt));
                    return ExitCode.Ok;
                }
                catch (ErasureReceiptException invalid)
                {
                    session.Screen.Error(invalid.Message);
                    return ExitCode.Refused;
                }
            });
    }

    // What --json printed holds the receipt as a member.
    private static string Receipt(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal))
            return text;
        try
        {
            return JsonSerializer.Deserialize<ErasureDocument>(text, OpalineJson.Options)?.Receipt ?? throw new UsageException("The file holds no receipt.");
        }
        catch (JsonException e)
        {
            throw new UsageException("The file holds no receipt.", e);
        }
    }

    private static void Write(ErasureReceiptDocument receipt)
    {
        Screen.Line("The signature holds.");
        Screen.Line($"erasure       {receipt.Id}");
        Screen.Line($"subject       {receipt.SubjectId} ({receipt.SubjectScope})");
        Screen.Line(string.Create(CultureInfo.InvariantCulture, $"requested at  {receipt.RequestedAt:u}"));
        Screen.Line(string.Create(CultureInfo.InvariantCulture, $"in no answer since {receipt.AsOf:u}"));
        Screen.Line(string.Create(CultureInfo.InvariantCulture, $"erased at     {receipt.ErasedAt:u}"));
        foreach ((string dataset, string rows) in receipt.Datasets)
            Screen.Line($"rows          {dataset}: {rows}");
        if (receipt.KeyDestroyedAt is { } destroyed)
            Screen.Line(string.Create(CultureInfo.InvariantCulture, $"key destroyed {destroyed:u}"));
        Screen.Line(string.Create(CultureInfo.InvariantCulture, $"old copies    until {receipt.ShredHorizon:u}, as the operator says"));
        Screen.Line(receipt.ShreddedBy is { } shredded
            ? string.Create(CultureInfo.InvariantCulture, $"shredded by   {shredded:u}")
            : "shredded by   not yet: get the receipt again after that");
        if (receipt.Note is { } note)
            Screen.Line(note);
    }
}
