using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Opaline.Client.Contracts;

namespace Opaline.Client;

/// <summary>Verifies receipts of erasures, offline: any tool for JSON Web Signatures does the same.</summary>
public static class ErasureReceipt
{
    private const int LongestReceipt = 256 * 1024;

    /// <summary>What a receipt says, after its signature was checked.</summary>
    /// <param name="receipt">The receipt: three parts of base64url with a dot between each two.</param>
    /// <param name="publicKeyPem">The server's public key in PEM, from a source that is trusted: a key that came with the receipt proves nothing.</param>
    /// <exception cref="ErasureReceiptException">It is no receipt, or this key did not sign it.</exception>
    public static ErasureReceiptDocument Verify(string receipt, string publicKeyPem)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(publicKeyPem);
        string text = receipt.Trim();
        string[] parts = text.Split('.');
        if (text.Length > LongestReceipt || parts.Length != 3)
            throw new ErasureReceiptException("This is no receipt: a receipt has three parts with a dot between each two.");
        if (!IsOurs(Decode(parts[0])))
            throw new ErasureReceiptException("This is no receipt of an erasure signed with ES256.");
        byte[] signature = Decode(parts[2]);
        using ECDsa key = Import(publicKeyPem);
        if (!key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            throw new ErasureReceiptException("The signature does not hold: the receipt was changed, or signed by another key.");
        try
        {
            return JsonSerializer.Deserialize(Decode(parts[1]), OpalineJson.Of<ErasureReceiptDocument>()) is { Version: 1 } document
                ? document
                : throw new ErasureReceiptException("The receipt is of a version that is not known here.");
        }
        catch (JsonException e)
        {
            throw new ErasureReceiptException("The receipt is signed, but of a form that is not known here.", e);
        }
    }

    // The algorithm is this one whatever the header says: it only has to agree.
    private static bool IsOurs(byte[] header)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(header);
            return json.RootElement.ValueKind == JsonValueKind.Object && Says(json.RootElement, "alg", "ES256") && Says(json.RootElement, "typ", Type)
                // RFC 7515, 4.1.11: what is not understood and must be is refused.
                && !json.RootElement.TryGetProperty("crit", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The <c>typ</c> of receipts.</summary>
    public const string Type = "opaline-erasure-receipt+jws";

    private static bool Says(JsonElement header, string name, string value) =>
        header.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String && member.ValueEquals(value);

    private static byte[] Decode(string part)
    {
        if (!Base64Url.IsValid(part))
            throw new ErasureReceiptException("This is no receipt: a part is not base64url.");
        return Base64Url.DecodeFromChars(part);
    }

    private static ECDsa Import(string pem)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize == 256)
                return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new ErasureReceiptException("The key is no public key in PEM.", e);
        }

        key.Dispose();
        throw new ErasureReceiptException("The key is none of the curve P-256.");
    }
}
