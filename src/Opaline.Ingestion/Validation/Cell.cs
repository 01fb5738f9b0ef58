namespace Opaline.Ingestion;

/// <summary>One value of an event: a slice of the body, so that nothing is decoded or copied before its treatment asks for it.</summary>
/// <param name="Slot">Its path: a number of <see cref="BatchPaths"/>.</param>
/// <param name="Start">Offset in the body of the value's first byte; of the opening quote for text.</param>
/// <param name="Length">Bytes of the value as written, both quotes included.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Escaped">Whether the text has backslash escapes.</param>
internal readonly record struct Cell(int Slot, int Start, int Length, CellKind Kind, bool Escaped)
{
    /// <summary>The value as written: JSON.</summary>
    public ReadOnlySpan<byte> Json(ReadOnlySpan<byte> body) => body.Slice(Start, Length);
}
