namespace Opaline.TokenVault;

/// <summary>A value sealed under the key of one subject that has it.</summary>
/// <param name="EntryId">The value's entry.</param>
/// <param name="SubjectId">Who has it.</param>
/// <param name="Sealed">The value as it came, under the subject's holder key.</param>
/// <param name="KeyVersion">Version of the tenant's keys that the holder key is of.</param>
internal readonly record struct Holder(long EntryId, long SubjectId, byte[] Sealed, int KeyVersion);
