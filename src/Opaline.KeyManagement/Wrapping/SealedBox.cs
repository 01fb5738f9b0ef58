using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>
/// AES-256-GCM with a random 96-bit nonce: <c>1 ‖ nonce ‖ tag ‖ ciphertext</c>. One key may seal at most 2^32 boxes
/// (NIST SP 800-38D, 8.3); a subject's key and a page key stay far below. Who has many boxes of one key takes a <see cref="BoxKey"/>.
/// </summary>
public static class SealedBox
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes that sealing adds.</summary>
    public const int Overhead = 1 + 12 + 16;

    /// <summary>Seals.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="plaintext">What to seal; may be empty.</param>
    /// <param name="associatedData">What it belongs to; not stored, and needed again to open.</param>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        using BoxKey ready = new(key);
        return ready.Seal(plaintext, associatedData);
    }

    /// <summary>Opens. The caller zeroes the result if it is a secret.</summary>
    /// <exception cref="CryptographicException">The key or the associated data is another, or the box is damaged.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData)
    {
        byte[] plaintext = GC.AllocateUninitializedArray<byte>(Math.Max(0, box.Length - Overhead), pinned: true);
        Open(key, box, associatedData, plaintext);
        return plaintext;
    }

    /// <summary>Opens to where the caller says.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="box">What <see cref="Seal"/> gave.</param>
    /// <param name="associatedData">What it belongs to.</param>
    /// <param name="plaintext">Takes what was sealed: <see cref="Overhead"/> bytes less than the box has. The caller zeroes it if it is a secret.</param>
    /// <exception cref="CryptographicException">The key or the associated data is another, or the box is damaged.</exception>
    public static void Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        using BoxKey ready = new(key);
        ready.Open(box, associatedData, plaintext);
    }
}
