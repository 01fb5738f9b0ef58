using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opaline.Platform.Tests.Storage.Control;

/// <summary>Makes the writes of this process to a file fail for real: its descriptors are replaced by read-only ones.</summary>
internal static class DiskFault
{
    public static void MakeUnwritable(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are found through /proc.");
        using SafeFileHandle readOnly = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int replaced = 0;
        foreach (string link in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            int descriptor = int.Parse(Path.GetFileName(link), System.Globalization.CultureInfo.InvariantCulture);
            if (descriptor == (int)readOnly.DangerousGetHandle() || new FileInfo(link).LinkTarget != path)
                continue;
            Assert.Equal(descriptor, Duplicate((int)readOnly.DangerousGetHandle(), descriptor));
            replaced++;
        }

        Assert.NotEqual(0, replaced);
    }

    [DllImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int from, int to);
}
