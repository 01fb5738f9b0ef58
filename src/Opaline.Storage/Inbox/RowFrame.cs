namespace Opaline.Storage;

/// <summary>The binary form of a batch of protected rows: versioned, and closed by a digest so that damage is noticed before a row is settled.</summary>
public static class RowFrame
{
    /// <summary>Writes the rows; each has one value per column.</summary>
    public static byte[] Write(IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows) => throw new NotSupportedException();

    /// <summary>Reads a frame back.</summary>
    /// <exception cref="StorageFailureException">The frame is damaged, or of a version that this server does not know.</exception>
    public static (IReadOnlyList<FrameColumn> Columns, IReadOnlyList<ProtectedRow> Rows) Read(ReadOnlyMemory<byte> frame) => throw new NotSupportedException();

    /// <summary>How many rows a frame has, from its header.</summary>
    public static int Count(ReadOnlySpan<byte> frame) => throw new NotSupportedException();
}
