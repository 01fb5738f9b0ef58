using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Writes the pieces of a <see cref="RowFrame"/>.</summary>
internal sealed class FrameWriter(int capacity)
{
    private const long MicrosPerDay = 86_400_000_000;

    private static readonly long MinInstant = UnixMicros.From(DateTime.MinValue);
    private static readonly long MaxInstant = UnixMicros.From(DateTime.MaxValue);

    private readonly ArrayBufferWriter<byte> _buffer = new(capacity);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void VarInt(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void Guid(Guid value)
    {
        value.TryWriteBytes(_buffer.GetSpan(16), bigEndian: true, out _);
        _buffer.Advance(16);
    }

    /// <summary>An instant that every engine can hold: a row that could not be settled would hold up all rows after it.</summary>
    public void Instant(long micros)
    {
        if (micros < MinInstant || micros > MaxInstant)
            throw new ArgumentException("Instants lie in the years 1 to 9999.", nameof(micros));
        Int64(micros);
    }

    public void Value(StoredType type, object value)
    {
        switch (type, value)
        {
            case (StoredType.Int64, long number):
                Int64(number);
                break;
            case (StoredType.Timestamp, long micros):
                Instant(micros);
                break;
            case (StoredType.Date, int days):
                if (days < MinInstant / MicrosPerDay || days > MaxInstant / MicrosPerDay)
                    throw new ArgumentException("Dates lie in the years 1 to 9999.", nameof(value));
                Int64(days);
                break;
            case (StoredType.Double, double number):
                Int64(BitConverter.DoubleToInt64Bits(number));
                break;
            case (StoredType.Decimal, decimal number):
                if (!StoredDecimal.Holds(number))
                    throw new ArgumentException("Decimals have at most 18 digits, 6 of them after the point.", nameof(value));
                Span<int> parts = stackalloc int[4];
                decimal.GetBits(number, parts);
                foreach (int part in parts)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(4), part);
                    _buffer.Advance(4);
                }

                break;
            case (StoredType.Boolean, bool flag):
                Byte(flag ? (byte)1 : (byte)0);
                break;
            case (StoredType.Text, string text):
                int length = Encoding.UTF8.GetByteCount(text);
                VarInt((ulong)length);
                _buffer.Advance(Encoding.UTF8.GetBytes(text, _buffer.GetSpan(length)));
                break;
            case (StoredType.Uuid, System.Guid id):
                Guid(id);
                break;
            default:
                throw new ArgumentException($"A column of type {type} does not hold values of {value.GetType().Name}.", nameof(value));
        }
    }
}
