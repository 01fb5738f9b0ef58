namespace Opaline.Ingestion;

/// <summary>Why an event was not stored. Holds no value of it.</summary>
/// <param name="Index">Position of the event in the batch, from 0; blank lines of NDJSON do not count.</param>
/// <param name="Path">JSON path inside the event, such as <c>$.metadata.device</c>. A name that could itself be personal data reads <c>*</c>.</param>
/// <param name="Reason">Which rule was broken, in words.</param>
public sealed record EventError(int Index, string Path, string Reason);
