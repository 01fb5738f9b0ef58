using System.Buffers.Binary;
using System.Text;

namespace Opaline.Platform.Tests.Ingestion;

/// <summary>
/// Finds any of many needles in bytes: each position's next seven bytes are looked up in a filter, then in a table of prefixes, and only
/// then compared. Some nanoseconds a byte, however many needles there are.
/// </summary>
internal sealed class NeedleSearch
{
    /// <summary>Shortest needle, in UTF-8 bytes.</summary>
    public const int Prefix = 7;

    private const ulong PrefixMask = 0x00FF_FFFF_FFFF_FFFF;
    private const int FilterBits = 20;

    private readonly Dictionary<ulong, List<byte[]>> _byPrefix = [];
    private readonly bool[] _filter = new bool[1 << FilterBits];

    public NeedleSearch(IEnumerable<string> needles)
    {
        foreach (string needle in needles)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(needle);
            if (bytes.Length < Prefix)
                throw new ArgumentException("A needle has at least 7 bytes.", nameof(needles));
            ulong prefix = Read(bytes);
            if (!_byPrefix.TryGetValue(prefix, out List<byte[]>? list))
                _byPrefix.Add(prefix, list = []);
            list.Add(bytes);
            _filter[Slot(prefix)] = true;
            Count++;
        }
    }

    public int Count { get; }

    /// <summary>The needles found, each once.</summary>
    public HashSet<string> Find(ReadOnlySpan<byte> haystack)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        for (int i = 0; i + Prefix <= haystack.Length; i++)
        {
            ulong prefix = Read(haystack[i..]);
            if (!_filter[Slot(prefix)] || !_byPrefix.TryGetValue(prefix, out List<byte[]>? candidates))
                continue;
            foreach (byte[] needle in candidates)
            {
                if (haystack[i..].StartsWith(needle))
                    found.Add(Encoding.UTF8.GetString(needle));
            }
        }

        return found;
    }

    private static ulong Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 8)
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes) & PrefixMask;
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes)
            | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) << 32)
            | ((ulong)bytes[6] << 48);
    }

    private static int Slot(ulong prefix) => (int)((prefix * 0x9E37_79B9_7F4A_7C15UL) >> (64 - FilterBits));
}
