namespace Opaline.Storage;

/// <summary>A subject on its way out of the event tables.</summary>
/// <param name="Subject">Its dictionary id.</param>
/// <param name="Surrogate">The new number, nobody's, of its rows where they are kept.</param>
public readonly record struct ErasedSubject(long Subject, long Surrogate);
