using System.Buffers.Binary;
using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>
/// Makes a dictionary entry's display token: prefix, key version, <c>_</c> and AES of the entry id in base32hex, such as
/// <c>sub3_…</c>. Computed when shown and never stored, so a new key writes nothing and breaks no join. Safe for use by many threads.
/// </summary>
public sealed class DisplayKey : IDisposable
{
    /// <summary>Bytes of the key.</summary>
    public const int Size = 32;

    private readonly IAesBlocks _aes;
    private readonly string _prefix;

    /// <summary>Makes a display key of 32 bytes, which are copied.</summary>
    /// <param name="key">The scope's key of that version.</param>
    /// <param name="kind">Decides the prefix.</param>
    /// <param name="version">Version of the key.</param>
    public DisplayKey(ReadOnlySpan<byte> key, TokenKind kind, int version)
    {
        if (key.Length != Size)
            throw new ArgumentException("A display key has 32 bytes.", nameof(key));
        _aes = AesBlocks.Create(key);
        _prefix = string.Create(CultureInfo.InvariantCulture, $"{DisplayToken.Prefix(kind)}{version}_");
    }

    /// <summary>The token of an entry.</summary>
    public string Token(long entryId)
    {
        Span<byte> block = stackalloc byte[AesBlocks.BlockSize];
        block.Clear();
        BinaryPrimitives.WriteInt64BigEndian(block, entryId);
        _aes.Encrypt(block, block);
        return DisplayToken.Write(_prefix, BinaryPrimitives.ReadUInt128BigEndian(block));
    }

    /// <summary>
    /// The entry that a token stands for, if the token was made under this key: half of the block is known, so that a token of another key passes for one with
    /// probability 2⁻⁶⁴. Takes the same time whether it does or not.
    /// </summary>
    /// <param name="token">The token, of this key's version.</param>
    /// <param name="entryId">The entry; 0 if it is none of this key.</param>
    public bool TryOpen(in DisplayToken token, out long entryId)
    {
        Span<byte> block = stackalloc byte[AesBlocks.BlockSize];
        BinaryPrimitives.WriteUInt128BigEndian(block, token.Code);
        _aes.Decrypt(block, block);
        long id = BinaryPrimitives.ReadInt64BigEndian(block);
        bool own = BinaryPrimitives.ReadInt64BigEndian(block[sizeof(long)..]) == 0 & id > 0;
        entryId = own ? id : 0;
        return own;
    }

    /// <summary>Zeroes the key schedule.</summary>
    public void Dispose() => _aes.Dispose();
}
