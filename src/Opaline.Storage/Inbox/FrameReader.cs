using System.Buffers.Binary;
using System.Text;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Reads the pieces of a <see cref="RowFrame"/>. Every length is checked before it is believed.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public static StorageFailureException Damaged() =>
        new("An inbox frame in control.db is damaged. Restore the data folder from a backup; clients resend what was not acknowledged.");

    public byte Byte() => Bytes(1)[0];

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length > _rest.Length)
            throw Damaged();
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public ulong VarInt()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw Damaged();
    }

    /// <summary>A number of things that each take at least one byte of what is left, so a damaged one cannot ask for gigabytes.</summary>
    public int Count()
    {
        ulong count = VarInt();
        return count <= (ulong)_rest.Length ? (int)count : throw Damaged();
    }

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public Guid Guid() => new(Bytes(16), bigEndian: true);

    public object Value(StoredType type) => type switch
    {
        StoredType.Int64 or StoredType.Timestamp => Int64(),
        StoredType.Date => Int64() is var days && days == (int)days ? (int)days : throw Damaged(),
        StoredType.Double => BitConverter.Int64BitsToDouble(Int64()),
        StoredType.Decimal => Decimal(),
        StoredType.Boolean => Byte() switch { 0 => false, 1 => true, _ => throw Damaged() },
        StoredType.Text => Text(),
        StoredType.Uuid => Guid(),
        _ => throw Damaged(),
    };

    private decimal Decimal()
    {
        Span<int> parts = stackalloc int[4];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));
        try
        {
            return new decimal(parts);
        }
        catch (ArgumentException)
        {
            throw Damaged();
        }
    }

    private string Text()
    {
        int length = Count();
        try
        {
            return Strict.GetString(Bytes(length));
        }
        catch (DecoderFallbackException)
        {
            throw Damaged();
        }
    }
}
