using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>AES by the platform's cryptography library, for processors without AES-NI.</summary>
internal sealed class PortableAesBlocks : IAesBlocks
{
    // The platform's object is not safe for concurrent use.
    private readonly Lock _lock = new();
    private readonly Aes _aes;

    public PortableAesBlocks(ReadOnlySpan<byte> key)
    {
        _aes = Aes.Create();
        _aes.SetKey(key);
    }

    public void CbcMac(Span<byte> state, ReadOnlySpan<byte> blocks)
    {
        if (blocks.IsEmpty)
            return;
        byte[] chain = new byte[blocks.Length];
        lock (_lock)
            _aes.EncryptCbc(blocks, state, chain, PaddingMode.None);
        chain.AsSpan(^AesBlocks.BlockSize..).CopyTo(state);
    }

    public void Encrypt(ReadOnlySpan<byte> blocks, Span<byte> output)
    {
        if (blocks.IsEmpty)
            return;
        lock (_lock)
            _aes.EncryptEcb(blocks, output, PaddingMode.None);
    }

    public void Decrypt(ReadOnlySpan<byte> blocks, Span<byte> output)
    {
        if (blocks.IsEmpty)
            return;
        lock (_lock)
            _aes.DecryptEcb(blocks, output, PaddingMode.None);
    }

    public void Dispose() => _aes.Dispose();
}
