using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Opaline.KeyManagement;

/// <summary>
/// Pinned buffers whose memory pages hold nothing else, so that locking and unlocking them touches nobody. A system that refuses to lock
/// (its limit is reached, or it is not Linux) leaves an ordinary pinned buffer.
/// </summary>
internal static partial class ResidentMemory
{
    private const int DontDump = 16;
    private const int DoDump = 17;

    /// <summary>A zeroed buffer; the secret's place begins at <paramref name="start"/>, on a page of its own.</summary>
    public static byte[] Allocate(int length, out int start)
    {
        int page = Environment.SystemPageSize;
        byte[] buffer = GC.AllocateArray<byte>(Pages(length) + page, pinned: true);
        nint address = Address(buffer, 0);
        start = (int)((page - (address % page)) % page);
        if (OperatingSystem.IsLinux())
        {
            _ = Lock(address + start, (nuint)Pages(length));
            _ = Advise(address + start, (nuint)Pages(length), DontDump);
        }
        return buffer;
    }

    /// <summary>Gives zeroed pages back to ordinary use.</summary>
    public static void Release(byte[] buffer, int start, int length)
    {
        if (!OperatingSystem.IsLinux())
            return;
        _ = Unlock(Address(buffer, start), (nuint)Pages(length));
        _ = Advise(Address(buffer, start), (nuint)Pages(length), DoDump);
    }

    private static int Pages(int length) => (length + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize;

    private static unsafe nint Address(byte[] pinned, int at) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)) + at;

    [LibraryImport("libc", EntryPoint = "mlock")]
    private static partial int Lock(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "munlock")]
    private static partial int Unlock(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
