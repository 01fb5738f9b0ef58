using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>The key above all others. It seals tenant keys and the server's own secrets, nothing else.</summary>
public sealed class RootKey : IDisposable
{
    private readonly byte[] _key;
    private bool _disposed;

    internal RootKey(ReadOnlySpan<byte> key, string? warning)
    {
        _key = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
        key.CopyTo(_key);
        Warning = warning;
    }

    /// <summary>What the operator should know about how this key is kept, or null.</summary>
    public string? Warning { get; }

    /// <summary>Opens the root key, or makes it at the first start.</summary>
    /// <exception cref="KeyUnavailableException">The passphrase is wrong, the file is damaged or readable by others, or an unsealed key is not allowed here.</exception>
    public static RootKey Open(KeyOptions options) => RootKeyFile.Open(options);

    /// <summary>Seals under the root key with AES-256-GCM.</summary>
    /// <param name="plaintext">What to seal.</param>
    /// <param name="associatedData">Says what it is; <see cref="Unseal"/> needs the same.</param>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData) =>
        SealedBox.Seal(Key(), plaintext, associatedData);

    /// <summary>Opens what <see cref="Seal"/> sealed.</summary>
    /// <exception cref="CryptographicException">It was sealed under another key, as something else, or it is damaged.</exception>
    public byte[] Unseal(ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData) =>
        SealedBox.Open(Key(), box, associatedData);

    /// <summary>Zeroes the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }

    /// <summary>A zeroed key must never seal.</summary>
    private ReadOnlySpan<byte> Key()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _key;
    }
}
