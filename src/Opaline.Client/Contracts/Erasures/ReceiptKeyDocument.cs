namespace Opaline.Client.Contracts;

/// <summary>The public key that receipts are verified by.</summary>
/// <param name="KeyId">The <c>kid</c> of receipts that it signed.</param>
/// <param name="Algorithm"><c>ES256</c>.</param>
/// <param name="Pem">The key as SubjectPublicKeyInfo in PEM.</param>
public sealed record ReceiptKeyDocument(string KeyId, string Algorithm, string Pem);
