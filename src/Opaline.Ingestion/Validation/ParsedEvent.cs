namespace Opaline.Ingestion;

/// <summary>An event that has passed every rule of form.</summary>
/// <param name="Index">Its position in the batch.</param>
/// <param name="Subject">The cell of its subject.</param>
/// <param name="Id">The cell of its event id, or null.</param>
/// <param name="TimeMicros">Its time, microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="FirstCell">Where its other values begin in the batch's cells.</param>
/// <param name="CellCount">How many they are.</param>
internal readonly record struct ParsedEvent(int Index, Cell Subject, Cell? Id, long TimeMicros, int FirstCell, int CellCount);
