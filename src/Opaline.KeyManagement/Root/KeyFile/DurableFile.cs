using System.Runtime.InteropServices;

namespace Opaline.KeyManagement;

/// <summary>
/// Writes a secret file so that after a power cut either the old or the new content is there: temporary file (0600), fsync, rename, fsync of the
/// folder. A lost root key loses all data, so the last step counts.
/// </summary>
public static partial class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int ReadOnly = 0;

    /// <summary>Makes a folder for its owner alone (0700 on Unix), unless it is there.</summary>
    /// <param name="folder">Its path.</param>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a file that must not be there yet.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">What is in it.</param>
    /// <exception cref="IOException">There is such a file; it stays as it is. Or the disk failed.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content) => Put(path, content, overwrite: false);

    /// <summary>Writes a file, instead of the one that may be there.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">What is in it.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content) => Put(path, content, overwrite: true);

    private static void Put(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        // Without a buffer of its own, which would keep a copy.
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (FileStream file = new(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static void SyncFolder(string folder)
    {
        // Windows has no such call; its file systems log renames.
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = OpenFolder(folder, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"'{folder}' cannot be opened for fsync (errno {Marshal.GetLastPInvokeError()}).");
        try
        {
            if (Sync(descriptor) != 0)
                throw new IOException($"fsync of '{folder}' failed (errno {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
