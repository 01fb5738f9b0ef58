using System.Runtime.InteropServices;

namespace Opaline.Storage;

/// <summary>The data folder: readable by its owner alone, and held by one process at a time.</summary>
internal sealed class PrivateFolder : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private PrivateFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    /// <summary>Makes the folder if it is not there, tightens its mode, and locks it until disposal.</summary>
    public static PrivateFolder Open(string folder)
    {
        string path = System.IO.Path.GetFullPath(folder);
        try
        {
            // The engines make files of their own (WAL, spill files) whose mode follows the process's mask.
            if (!OperatingSystem.IsWindows())
            {
                _ = SetFileModeMask(0x3F);
                Directory.CreateDirectory(path, OwnerFile | UnixFileMode.UserExecute);
                System.IO.File.SetUnixFileMode(path, OwnerFile | UnixFileMode.UserExecute);
            }
            else
            {
                Directory.CreateDirectory(path);
            }

            return new PrivateFolder(path, Lock(System.IO.Path.Combine(path, "lock")));
        }
        catch (UnauthorizedAccessException)
        {
            throw new StorageFailureException("The data folder cannot be used: let the server's user own it (Opaline:Storage:DataFolder).");
        }
    }

    /// <summary>The path of a file in the folder. If the file is there its mode becomes 0600; an engine that makes it later does so under the mask.</summary>
    public string File(string name)
    {
        string path = System.IO.Path.Combine(Path, name);
        if (OperatingSystem.IsWindows() || !System.IO.File.Exists(path))
            return path;
        System.IO.File.SetUnixFileMode(path, OwnerFile);
        return path;
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StorageFailureException("The data folder is in use by another server: stop it, or set Opaline:Storage:DataFolder to another folder.");
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFileModeMask(int mask);
}
