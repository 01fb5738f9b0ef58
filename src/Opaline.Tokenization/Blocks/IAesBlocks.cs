namespace Opaline.Tokenization;

/// <summary>AES under one key, on whole blocks. Safe for use by many threads.</summary>
internal interface IAesBlocks : IDisposable
{
    /// <summary>For each 16-byte block in turn: <c>state = AES(state ⊕ block)</c>.</summary>
    void CbcMac(Span<byte> state, ReadOnlySpan<byte> blocks);

    /// <summary>Encrypts each 16-byte block by itself.</summary>
    void Encrypt(ReadOnlySpan<byte> blocks, Span<byte> output);

    /// <summary>Undoes <see cref="Encrypt"/> of each 16-byte block.</summary>
    void Decrypt(ReadOnlySpan<byte> blocks, Span<byte> output);
}
