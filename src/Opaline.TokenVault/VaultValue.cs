using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>A value to tokenize. Raw: it lives in memory only.</summary>
/// <param name="SubjectIndex">Whose it is: index into the batch's subjects. The value is sealed under that subject's key.</param>
/// <param name="Scope">Its dictionary, 1 to 200 characters, such as <c>metadata.email</c>: equal values have equal ids inside one scope only.</param>
/// <param name="Kind">Which spellings are the same value.</param>
/// <param name="Raw">The value as it came.</param>
public readonly record struct VaultValue(int SubjectIndex, string Scope, TokenKind Kind, string Raw);
