namespace Opaline.Tokenization;

/// <summary>
/// 16 bytes that are equal exactly if the values are equal: the synthetic IV of AES-SIV (RFC 5297) over the canonical value.
/// Without the scope's key it tells nothing about the value; with it, a guess can be tested, so it never leaves the vault.
/// </summary>
/// <param name="Bits">The 16 bytes, big-endian.</param>
public readonly record struct JoinId(UInt128 Bits)
{
    /// <summary>Its length in bytes.</summary>
    public const int Size = 16;

    /// <summary>Reads the 16 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> are not 16.</exception>
    public static JoinId Read(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes))
        : throw new ArgumentException("A join id has 16 bytes.", nameof(bytes));

    /// <summary>The 16 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return bytes;
    }
}
