using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>The keys of the modes of ipcrypt, each derived from one key so that no two modes share bits.</summary>
internal static class IpcryptKeys
{
    /// <summary>HKDF-Expand (RFC 5869) of the key, with the mode's name.</summary>
    public static void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> mode, Span<byte> modeKey)
    {
        if (key.Length != IpcryptDeterministic.KeySize)
            throw new ArgumentException("A key of ipcrypt has 32 bytes.", nameof(key));
        HKDF.Expand(HashAlgorithmName.SHA256, key, modeKey, mode);
    }
}
