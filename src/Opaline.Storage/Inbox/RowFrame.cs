using System.Security.Cryptography;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// The binary form of a batch of protected rows: versioned, and closed by a digest so that damage is noticed before a row is settled.
/// </summary>
/// <remarks>
/// <c>"OPF" version:u8 rows:varint columns:varint (field:varint type:u8)*  row*  digest:8</c>, where a row is
/// <c>event_key:16 subject:varint time:i64 nulls:bitmap value* sealed_length+1:varint sealed</c>, numbers are little-endian, varints are
/// LEB128 and the digest is the first 8 bytes of SHA-256 over everything before it.
/// </remarks>
public static class RowFrame
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 1;

    private const int DigestLength = 8;

    private static ReadOnlySpan<byte> Magic => "OPF"u8;

    /// <summary>Writes the rows; each has one value per column.</summary>
    /// <exception cref="ArgumentException">A row has another number of values, or a value of another type than its column's or out of its range.</exception>
    public static byte[] Write(IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        FrameWriter writer = new(64 + (rows.Count * (32 + (columns.Count * 12))));
        writer.Bytes(Magic);
        writer.Byte(Version);
        writer.VarInt((ulong)rows.Count);
        writer.VarInt((ulong)columns.Count);
        foreach (FrameColumn column in columns)
        {
            writer.VarInt((ulong)column.FieldId);
            writer.Byte((byte)column.Type);
        }

        foreach (ProtectedRow row in rows)
            WriteRow(writer, columns, row);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(writer.Written, digest);
        writer.Bytes(digest[..DigestLength]);
        return writer.Written.ToArray();
    }

    /// <summary>Reads a frame back.</summary>
    /// <exception cref="StorageFailureException">The frame is damaged, or of a version that this server does not know.</exception>
    public static (IReadOnlyList<FrameColumn> Columns, IReadOnlyList<ProtectedRow> Rows) Read(ReadOnlyMemory<byte> frame)
    {
        ReadOnlySpan<byte> bytes = frame.Span;
        FrameReader reader = Body(bytes, out int rowCount);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..^DigestLength], digest);
        if (!digest[..DigestLength].SequenceEqual(bytes[^DigestLength..]))
            throw FrameReader.Damaged();

        FrameColumn[] columns = new FrameColumn[reader.Count()];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = new FrameColumn((long)reader.VarInt(), (StoredType)reader.Byte());
            if (!Enum.IsDefined(columns[i].Type))
                throw FrameReader.Damaged();
        }

        ProtectedRow[] rows = new ProtectedRow[rowCount];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = ReadRow(ref reader, columns);
        return reader.AtEnd ? (columns, rows) : throw FrameReader.Damaged();
    }

    /// <summary>How many rows a frame has, from its header; the digest is not looked at.</summary>
    /// <exception cref="StorageFailureException">It is not a frame.</exception>
    public static int Count(ReadOnlySpan<byte> frame)
    {
        Body(frame, out int rows);
        return rows;
    }

    private static FrameReader Body(ReadOnlySpan<byte> frame, out int rows)
    {
        if (frame.Length < Magic.Length + 1 + DigestLength || !frame.StartsWith(Magic))
            throw FrameReader.Damaged();
        if (frame[Magic.Length] != Version)
            throw new StorageFailureException("An inbox frame was written by a newer version; start the version that wrote it.");
        FrameReader reader = new(frame[(Magic.Length + 1)..^DigestLength]);
        rows = reader.Count();
        return reader;
    }

    private static void WriteRow(FrameWriter writer, IReadOnlyList<FrameColumn> columns, ProtectedRow row)
    {
        if (row.Values.Length != columns.Count)
            throw new ArgumentException("A row needs one value per column of its frame.", nameof(row));
        writer.Guid(row.EventKey);
        writer.VarInt((ulong)row.Subject);
        writer.Instant(row.TimeMicros);
        for (int i = 0; i < columns.Count; i += 8)
        {
            int nulls = 0;
            for (int bit = 0; bit < 8 && i + bit < columns.Count; bit++)
                nulls |= row.Values[i + bit] is null ? 1 << bit : 0;
            writer.Byte((byte)nulls);
        }

        for (int i = 0; i < columns.Count; i++)
        {
            if (row.Values[i] is { } value)
                writer.Value(columns[i].Type, value);
        }

        writer.VarInt(row.Sealed is null ? 0 : (ulong)row.Sealed.Length + 1);
        if (row.Sealed is not null)
            writer.Bytes(row.Sealed);
    }

    private static ProtectedRow ReadRow(ref FrameReader reader, FrameColumn[] columns)
    {
        Guid key = reader.Guid();
        long subject = (long)reader.VarInt();
        long time = reader.Int64();
        ReadOnlySpan<byte> nulls = reader.Bytes((columns.Length + 7) / 8);
        object?[] values = new object?[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            if ((nulls[i / 8] & (1 << (i % 8))) == 0)
                values[i] = reader.Value(columns[i].Type);
        }

        ulong length = reader.VarInt();
        byte[]? @sealed = length == 0 ? null : length - 1 <= int.MaxValue ? reader.Bytes((int)(length - 1)).ToArray() : throw FrameReader.Damaged();
        return new ProtectedRow(key, subject, time, values, @sealed);
    }
}
