using System.Security.Cryptography;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage;

/// <summary>Rows and frames for tests.</summary>
internal static class Rows
{
    public static ProtectedRow Row(long subject, params object?[] values) => Row(RandomKey(), subject, values);

    public static ProtectedRow Row(Guid key, long subject, params object?[] values) =>
        new(key, subject, UnixMicros.From(new DateTime(2024, 1, 15, 10, 30, 0, DateTimeKind.Utc)), values, null);

    public static InboxFrame Frame(long lsn, long dataset, IReadOnlyList<FrameColumn> columns, params ProtectedRow[] rows) =>
        new(lsn, dataset, RowFrame.Write(columns, rows));

    public static Guid RandomKey() => new(RandomNumberGenerator.GetBytes(16));

    public static Guid Key(int number) => new(number, 0, 0, new byte[8]);
}
