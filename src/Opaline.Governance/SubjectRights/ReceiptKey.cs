using System.Security.Cryptography;

namespace Opaline.Governance;

/// <summary>The ES256 key that signs receipts. It serves nothing else, so that a receipt is good for years, whatever becomes of other keys.</summary>
public sealed class ReceiptKey : IDisposable
{
    private const int KeyIdBytes = 8;

    private readonly ECDsa _key = ECDsa.Create();

    /// <summary>Opens a key.</summary>
    /// <param name="pkcs8">The private key of curve P-256 in PKCS#8; the caller zeroes it.</param>
    public ReceiptKey(ReadOnlySpan<byte> pkcs8)
    {
        _key.ImportPkcs8PrivateKey(pkcs8, out _);
        Pem = _key.ExportSubjectPublicKeyInfoPem();
        KeyId = Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo())[..KeyIdBytes]);
    }

    /// <summary>Names the key: the first 8 bytes of SHA-256 of its SubjectPublicKeyInfo, in hexadecimal.</summary>
    public string KeyId { get; }

    /// <summary>The public key as SubjectPublicKeyInfo in PEM.</summary>
    public string Pem { get; }

    /// <summary>Makes a key, in PKCS#8; the caller seals and zeroes it.</summary>
    public static byte[] Create()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    /// <summary>The signature of RFC 7518, 3.4: r and s, 32 bytes each.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> message) =>
        _key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
