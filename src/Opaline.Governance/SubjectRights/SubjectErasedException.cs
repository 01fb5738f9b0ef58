namespace Opaline.Governance;

/// <summary>The person was erased while an export was being written: what was written of it is not whole, and to be thrown away.</summary>
public sealed class SubjectErasedException() : Exception("The person was erased while the export was being written.");
