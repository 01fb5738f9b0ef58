using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.Tokenization;

/// <summary>
/// A field's beacons: the first bits of HMAC-SHA256 of a value, to search encrypted values by. One way, and short on purpose, so that
/// several values share one and a beacon names none of them; the right ones are told by opening the candidates. Safe for use by many
/// threads.
/// </summary>
public sealed class BeaconKey : IDisposable
{
    /// <summary>Bytes of the key.</summary>
    public const int Size = 32;

    /// <summary>The most bits of a beacon.</summary>
    public const int MaxBits = 63;

    private readonly byte[] _key;
    private bool _disposed;

    /// <summary>Makes a key of 32 bytes, which are copied.</summary>
    /// <param name="key">The key of one field.</param>
    /// <param name="bits">Bits of a beacon, from 1 to 63; see <see cref="BitsFor"/>.</param>
    /// <exception cref="ArgumentException">The key has another length, or <paramref name="bits"/> is out of range.</exception>
    public BeaconKey(ReadOnlySpan<byte> key, int bits)
    {
        if (key.Length != Size)
            throw new ArgumentException("A beacon key has 32 bytes.", nameof(key));
        if (bits is < 1 or > MaxBits)
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "A beacon has from 1 to 63 bits.");
        Bits = bits;
        _key = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
        key.CopyTo(_key);
    }

    /// <summary>Bits of a beacon.</summary>
    public int Bits { get; }

    /// <summary>The most bits with which at least two of so many equally likely values share a beacon on average.</summary>
    /// <param name="distinctValues">How many values the field takes at the least; 4 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 4: every beacon would tell its value.</exception>
    public static int BitsFor(long distinctValues)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distinctValues, 4);
        return BitOperations.Log2((ulong)distinctValues) - 1;
    }

    /// <summary>The beacon of a value as it came: equal for all spellings of one value.</summary>
    public ulong Compute(TokenKind kind, string raw)
    {
        byte[] canonical = Encoding.UTF8.GetBytes(CanonicalForm.Of(kind, raw));
        ulong beacon = Compute(canonical);
        CryptographicOperations.ZeroMemory(canonical);
        return beacon;
    }

    /// <summary>The beacon of some bytes, below 2^<see cref="Bits"/>.</summary>
    public ulong Compute(ReadOnlySpan<byte> value)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, value, mac);
        ulong beacon = BinaryPrimitives.ReadUInt64BigEndian(mac) >> (64 - Bits);
        CryptographicOperations.ZeroMemory(mac);
        return beacon;
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }
}
