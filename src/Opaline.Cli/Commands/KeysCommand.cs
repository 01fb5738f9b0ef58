using System.CommandLine;
using System.Globalization;
using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;
using Spectre.Console;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline keys</c>: versions of keys and their rotation.</summary>
internal static class KeysCommand
{
    private const string Done = "done";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Create() => new("keys", "Renews keys and ends old versions: list, rotate, disable, enable, destroy, root.")
    {
        List(),
        Rotate(),
        Change("disable", "Revokes a version: its tokens open no more.", (client, version, cancellationToken) => client.DisableKeyVersionAsync(version, cancellationToken)),
        Change("enable", "Lets tokens of a disabled version open again.", (client, version, cancellationToken) => client.EnableKeyVersionAsync(version, cancellationToken)),
        Destroy(),
        new Command("root", "Renews the key above all others: rotate, rewrap.")
        {
            Root("rotate", "Adds a version of the root key and wraps all keys under it.", (client, cancellationToken) => client.RotateRootKeyAsync(cancellationToken)),
            Root(
                "rewrap",
                "Wraps all keys under the newest version of the root key now; the server does it every hour.",
                (client, cancellationToken) => client.RewrapUnderRootKeyAsync(cancellationToken)),
        },
    };

    private static Command List() => new Command("list", "Lists the versions and the newest rotations.").Does(async (session, _, cancellationToken) =>
    {
        Show(session, await session.Client("admin").GetKeysAsync(cancellationToken));
        return ExitCode.Ok;
    });

    private static Command Rotate()
    {
        Option<bool> noWait = new("--no-wait") { Description = "Ask for it and do not wait; 'opaline keys list' tells how far it is." };
        return new Command("rotate", "Renews the keys while everything goes on; ids, joins and counts stay as they are.") { noWait }
            .Does(async (session, parsed, cancellationToken) =>
            {
                OpalineClient client = session.Client("admin");
                KeyRotationDocument rotation = await client.RotateKeysAsync(cancellationToken);
                if (!parsed.GetValue(noWait))
                {
                    rotation = await session.Screen.WithProgressAsync(
                        $"Rotating keys to version {rotation.ToVersion}", report => WaitAsync(client, rotation, report, cancellationToken));
                }

                session.Screen.Show(rotation, _ => Screen.Line(Report(rotation)));
                return rotation.Phase == Done && rotation.DamagedPages + rotation.DamagedKeys + rotation.DamagedValues == 0 ? ExitCode.Ok : ExitCode.Incomplete;
            });
    }

    private static async Task<KeyRotationDocument> WaitAsync(
        OpalineClient client, KeyRotationDocument rotation, Action<double, string> report, CancellationToken cancellationToken)
    {
        while (rotation.Phase != Done)
        {
            await Task.Delay(Pause, cancellationToken);
            rotation = await client.FindRotationAsync(rotation.Id, cancellationToken) ?? throw new UsageException("The server does not know the rotation any more.");
            report(
                rotation.PagesAtStart == 0 ? 0 : (double)(rotation.Pages + rotation.DamagedPages) / rotation.PagesAtStart,
                string.Create(CultureInfo.InvariantCulture, $"{rotation.Values:#,0} values"));
        }

        return rotation;
    }

    private static Command Change(string verb, string description, Func<OpalineClient, int, CancellationToken, Task<KeysDocument>> change)
    {
        Argument<int> version = Version();
        return new Command(verb, description) { version }.Does(async (session, parsed, cancellationToken) =>
        {
            Show(session, await change(session.Client("admin"), parsed.GetRequiredValue(version), cancellationToken));
            return ExitCode.Ok;
        });
    }

    private static Command Destroy()
    {
        Argument<int> version = Version();
        Option<bool> yes = new("--yes") { Description = "Do not ask back." };
        return new Command("destroy", "Destroys a disabled version for good.") { version, yes }.Does(async (session, parsed, cancellationToken) =>
        {
            if (!parsed.GetValue(yes) && !(session.Screen.Interactive ? session.Screen.Confirm("Destroy this version for good?") : throw new UsageException("Say --yes to destroy a version.")))
                return ExitCode.Cancelled;
            Show(session, await session.Client("admin").DestroyKeyVersionAsync(parsed.GetRequiredValue(version), cancellationToken));
            return ExitCode.Ok;
        });
    }

    private static Command Root(string verb, string description, Func<OpalineClient, CancellationToken, Task<RootKeyDocument>> change) =>
        new Command(verb, description).Does(async (session, _, cancellationToken) =>
        {
            RootKeyDocument root = await change(session.Client("admin"), cancellationToken);
            session.Screen.Show(root, _ => Screen.Line(root.AllRewrapped
                ? $"All keys are under version {root.Version} of the root key; older ones can be destroyed where it is kept."
                : $"The newest version of the root key is {root.Version}. Keys of some tenant do not open now and were left as they are: see the server's log."));
            return root.AllRewrapped ? ExitCode.Ok : ExitCode.Incomplete;
        });

    private static Argument<int> Version() => new("version") { Description = "Number of the version, from 'opaline keys list'; tokens carry it.", HelpName = "N" };

    private static string Report(KeyRotationDocument rotation) => string.Create(
        CultureInfo.InvariantCulture,
        $"Rotation {rotation.Id} from version {rotation.FromVersion} to {rotation.ToVersion} is {rotation.Phase}: {rotation.Pages:#,0} pages and {rotation.Values:#,0} values; damaged: {rotation.DamagedPages} pages, {rotation.DamagedKeys} keys, {rotation.DamagedValues} values; asked for {rotation.RequestedAt:u}, done {rotation.FinishedAt:u}");

    private static void Show(Session session, KeysDocument keys) => session.Screen.Show(keys, console =>
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("version", "state", "made", "since");
        foreach (KeyVersionDocument version in keys.Versions)
        {
            table.AddRow(
                version.Version.ToString(CultureInfo.InvariantCulture),
                version.State,
                version.MadeAt.ToString("u", CultureInfo.InvariantCulture),
                version.StateAt.ToString("u", CultureInfo.InvariantCulture));
        }

        console.Write(table);
        foreach (KeyRotationDocument rotation in keys.Rotations)
            Screen.Line(Report(rotation));
    });
}
