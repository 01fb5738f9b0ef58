using CsCheck;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Inbox;

public class RowFrameTests
{
    private static readonly long Micros = UnixMicros.From(DateTime.MaxValue);

    private static readonly Gen<ProtectedRow> AnyRow = Gen.Select(
        Gen.Guid, Gen.Long, Gen.Long[-Micros / 10, Micros], Gen.Byte.Array[0, 40].Null(), (key, subject, time, @sealed) =>
            new ProtectedRow(key, subject, time, [], @sealed));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Enum<StoredType>().Array[0, 20].SelectMany(types =>
            Gen.Select(
                Gen.Const(types.Select((t, i) => new FrameColumn(i * 1_000L, t)).ToArray()),
                Gen.Select(AnyRow, Values(types), (row, values) => row with { Values = values }).Array[0, 30]))
        .Sample((columns, rows) =>
        {
            byte[] frame = RowFrame.Write(columns, rows);
            (IReadOnlyList<FrameColumn> readColumns, IReadOnlyList<ProtectedRow> readRows) = RowFrame.Read(frame);
            Assert.Equal(columns, readColumns);
            Assert.Equal(rows.Length, RowFrame.Count(frame));
            Assert.Equal(rows.Length, readRows.Count);
            for (int i = 0; i < rows.Length; i++)
            {
                Assert.Equal(rows[i] with { Values = [], Sealed = null }, readRows[i] with { Values = [], Sealed = null }, Same);
                Assert.Equal(rows[i].Values, readRows[i].Values);
                Assert.Equal(rows[i].Sealed, readRows[i].Sealed);
            }
        }, iter: 300);

    [Fact]
    public void A_frame_with_any_bit_flipped_or_any_byte_missing_is_refused()
    {
        byte[] frame = RowFrame.Write(
            [new FrameColumn(1, StoredType.Text), new FrameColumn(2, StoredType.Decimal)],
            [Rows.Row(1, "a", 1.5m), Rows.Row(2, null, null) with { Sealed = [1, 2, 3] }]);
        for (int i = 0; i < frame.Length; i++)
        {
            Assert.Throws<StorageFailureException>(() => RowFrame.Read(frame.AsMemory(0, i)));
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] damaged = [.. frame];
                damaged[i] ^= (byte)(1 << bit);
                Assert.Throws<StorageFailureException>(() => RowFrame.Read(damaged));
            }
        }

        Assert.Throws<StorageFailureException>(() => RowFrame.Read((byte[])[.. frame, 0]));
    }

    [Fact]
    public void Bytes_that_are_no_frame_are_refused_whatever_they_are() =>
        Gen.Byte.Array[0, 200].Sample(
            bytes =>
            {
                Assert.Throws<StorageFailureException>(() => RowFrame.Read(bytes));
                Assert.Throws<StorageFailureException>(() => RowFrame.Read((byte[])[.. "OPF\u0001"u8, .. bytes]));
            },
            iter: 1_000);

    [Fact]
    public void A_row_that_no_engine_could_hold_is_refused_before_it_is_durable()
    {
        Refused(StoredType.Timestamp, long.MaxValue);
        Refused(StoredType.Date, int.MaxValue);
        Refused(StoredType.Decimal, 1_000_000_000_000m);
        Refused(StoredType.Decimal, 0.0000001m);
        Refused(StoredType.Int64, "text");
        Refused(StoredType.Text, 1L);
        Assert.Throws<ArgumentException>(() => RowFrame.Write([], [Rows.Row(1) with { TimeMicros = long.MinValue }]));
        Assert.Throws<ArgumentException>(() => RowFrame.Write([], [Rows.Row(1, "one too many")]));

        static void Refused(StoredType type, object value) =>
            Assert.Throws<ArgumentException>(() => RowFrame.Write([new FrameColumn(1, type)], [Rows.Row(1, value)]));
    }

    private static bool Same(ProtectedRow a, ProtectedRow b) => (a.EventKey, a.Subject, a.TimeMicros) == (b.EventKey, b.Subject, b.TimeMicros);

    private static Gen<object?[]> Values(StoredType[] types) => types.Aggregate(
        Gen.Const(Array.Empty<object?>()), (so, type) => Gen.Select(so, Value(type), (values, value) => (object?[])[.. values, value]));

    private static Gen<object?> Value(StoredType type)
    {
        Gen<object?> value = type switch
        {
            StoredType.Int64 => Gen.Long.Select(v => (object?)v),
            StoredType.Timestamp => Gen.Long[-Micros / 10, Micros].Select(v => (object?)v),
            StoredType.Date => Gen.Int[-700_000, 2_900_000].Select(v => (object?)v),
            StoredType.Double => Gen.Double.Select(v => (object?)v),
            StoredType.Decimal => Gen.Long[-999_999_999_999_999_999, 999_999_999_999_999_999].Select(v => (object?)(v / 1_000_000m)),
            StoredType.Boolean => Gen.Bool.Select(v => (object?)v),
            StoredType.Text => Gen.String.Select(v => (object?)string.Concat(v.Where(c => !char.IsSurrogate(c)))),
            StoredType.Uuid => Gen.Guid.Select(v => (object?)v),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
        return Gen.Select(Gen.Int[0, 3], value, (choice, v) => choice == 0 ? null : v);
    }
}
