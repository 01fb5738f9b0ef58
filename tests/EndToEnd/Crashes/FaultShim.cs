using System.Globalization;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Crashes;

/// <summary>A layer between a server and the kernel that makes one write or sync fail.</summary>
internal sealed class FaultShim
{
    private readonly string _library;
    private readonly TemporaryFolder _folder;

    private FaultShim(string library, TemporaryFolder folder) => (_library, _folder) = (library, folder);

    private string Armed => _folder.File("armed");

    private string Fired => _folder.File("fired");

    /// <summary>What failed, such as <c>fdatasync …/control.db-wal</c>, or null if nothing has.</summary>
    public string? Struck => File.Exists(Fired) ? File.ReadAllText(Fired) : null;

    /// <summary>Compiles it into the folder; null where there is no C compiler.</summary>
    public static async Task<FaultShim?> BuildAsync(TemporaryFolder folder)
    {
        if (Checkout.Program("cc", "gcc", "clang") is not { } compiler)
            return null;
        string library = folder.File("fault.so");
        (int exitCode, _, string error) = await Commands.RunAsync(
            compiler, ["-shared", "-fPIC", "-O1", "-o", library, Path.Combine(Checkout.Root, "tests", "EndToEnd", "Crashes", "fault.c"), "-ldl"]);
        return exitCode == 0 ? new FaultShim(library, folder) : throw new InvalidOperationException(error);
    }

    public void Arm() => File.WriteAllText(Armed, "");

    public void Disarm()
    {
        File.Delete(Armed);
        File.Delete(Fired);
    }

    /// <summary>The environment of a server of whose calls on files under <paramref name="dataFolder"/> one fails, counted from arming.</summary>
    public Dictionary<string, string> Environment(string dataFolder, Fault fault) => new()
    {
        ["LD_PRELOAD"] = _library,
        ["FAULT_FOLDER"] = dataFolder,
        ["FAULT_ARMED"] = Armed,
        ["FAULT_FIRED"] = Fired,
        ["FAULT_NTH"] = fault.Nth.ToString(CultureInfo.InvariantCulture),
        ["FAULT_CALL"] = fault.Call,
        ["FAULT_FILE"] = fault.File,
    };
}
