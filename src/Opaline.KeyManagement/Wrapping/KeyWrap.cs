using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>
/// Keys above pages under keys: AES-256-KWP (RFC 5649, NIST SP 800-38F), which needs no nonce. It knows no associated data, so what a wrapped key
/// belongs to goes into the key that wraps it: HKDF-Expand (SHA-256) of the parent with that as info.
/// </summary>
internal static class KeyWrap
{
    /// <summary>Bytes that wrapping adds to a multiple of 8.</summary>
    public const int Overhead = 8;

    private const int KeySize = 32;
    private const int SmallestSize = 16;

    /// <summary>Wraps under the key that <paramref name="parent"/> and <paramref name="belongsTo"/> give.</summary>
    public static byte[] WrapBound(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> belongsTo, ReadOnlySpan<byte> secret)
    {
        using SecretBytes key = Derive(parent, belongsTo);
        return Wrap(key.Expose(), secret);
    }

    /// <summary>Opens what <see cref="WrapBound"/> wrapped.</summary>
    /// <exception cref="CryptographicException">The parent or what it belongs to is another, or it is damaged.</exception>
    public static SecretBytes UnwrapBound(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> belongsTo, ReadOnlySpan<byte> wrapped, bool resident = false)
    {
        using SecretBytes key = Derive(parent, belongsTo);
        return Unwrap(key.Expose(), wrapped, resident);
    }

    public static byte[] Wrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> secret)
    {
        using Aes aes = Aes.Create();
        aes.SetKey(key);
        return aes.EncryptKeyWrapPadded(secret);
    }

    public static SecretBytes Unwrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> wrapped, bool resident = false)
    {
        if (wrapped.Length < SmallestSize || wrapped.Length % 8 != 0)
            throw new CryptographicException("This is not a wrapped key.");
        using Aes aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> opened = GC.AllocateArray<byte>(wrapped.Length - Overhead, pinned: true);
        try
        {
            int length = aes.DecryptKeyWrapPadded(wrapped, opened);
            return SecretBytes.TakeFrom(opened[..length], resident);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    private static SecretBytes Derive(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> belongsTo)
    {
        SecretBytes key = SecretBytes.Create(KeySize, new Source(parent, belongsTo), static (bytes, from) =>
            HKDF.Expand(HashAlgorithmName.SHA256, from.Parent, bytes, from.BelongsTo));
        return key;
    }

    private readonly ref struct Source(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> belongsTo)
    {
        public ReadOnlySpan<byte> Parent { get; } = parent;

        public ReadOnlySpan<byte> BelongsTo { get; } = belongsTo;
    }
}
