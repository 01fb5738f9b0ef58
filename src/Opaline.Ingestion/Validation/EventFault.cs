namespace Opaline.Ingestion;

/// <summary>The first rule that an event breaks.</summary>
/// <param name="Path">Where, without any name that could be personal.</param>
/// <param name="Reason">Which rule.</param>
internal sealed record EventFault(string Path, string Reason);
