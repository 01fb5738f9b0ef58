using System.Buffers.Binary;
using System.Numerics;

namespace Opaline.KeyManagement;

/// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4), which Google Cloud KMS checks messages with.</summary>
internal static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
