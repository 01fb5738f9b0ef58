namespace Opaline.TokenVault;

/// <summary>A value as one of those who have it holds it, and what it takes to open it. Nothing in it is raw.</summary>
/// <param name="EntryId">The value's entry.</param>
/// <param name="Scope">Its stored scope.</param>
/// <param name="SubjectId">Who holds it.</param>
/// <param name="SubjectScope">That person's stored scope.</param>
/// <param name="Sealed">The value under the person's holder key.</param>
/// <param name="KeyVersion">Version of the tenant's keys that the holder key is of.</param>
/// <param name="WrappedKey">The person's key under the page's.</param>
/// <param name="Page">The page.</param>
/// <param name="Salt">What keys the tokens of its field's format; null for a person.</param>
internal sealed record HeldValue(long EntryId, string Scope, long SubjectId, string SubjectScope, byte[] Sealed, int KeyVersion, byte[] WrappedKey, KeyPage Page, byte[]? Salt = null);
