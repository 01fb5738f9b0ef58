using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Opaline.Tokenization;

/// <summary>Addresses as 128 bits: IPv4 ones as the IPv6 addresses <c>::ffff:a.b.c.d</c> that stand for them.</summary>
internal static class AddressBits
{
    public const int Size = 16;

    private const ulong Mapped = 0xffff;

    public static bool IsMapped(UInt128 bits) => bits >> 32 == Mapped;

    public static UInt128 Map(uint four) => ((UInt128)Mapped << 32) | four;

    public static UInt128 Read(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[Size];
        address.TryWriteBytes(bytes, out int written);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? Map(BinaryPrimitives.ReadUInt32BigEndian(bytes[..written]))
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static IPAddress Write(UInt128 bits)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new IPAddress(IsMapped(bits) ? bytes[12..] : bytes);
    }
}
