using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.Tokenization;

/// <summary>
/// 64 bits of HMAC-SHA256 under a key of a field: for what must be the same for the same value and tell nothing about it. Safe for use by
/// many threads.
/// </summary>
internal sealed class FieldHash : IDisposable
{
    private readonly byte[] _key;
    private bool _disposed;

    /// <param name="keys">The field's keys.</param>
    /// <param name="purpose">What the hash decides: each purpose has a key of its own.</param>
    public FieldHash(FieldKeys keys, string purpose)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _key = keys.Derive(purpose, 32, key =>
        {
            byte[] copy = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
            key.CopyTo(copy);
            return copy;
        });
    }

    public ulong Of(string canonical)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte[] utf8 = Encoding.UTF8.GetBytes(canonical);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, utf8, hash);
        CryptographicOperations.ZeroMemory(utf8);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }
}
