using System.Buffers;
using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>
/// Bytes that are a secret. They lie in one pinned buffer that the collector never copies, are zeroed when disposed of, never print themselves, and are
/// seen only through <see cref="Expose"/>: whoever reads a secret says so by that name. Safe for readers on many threads; after
/// <see cref="Dispose"/> it exposes nothing.
/// </summary>
public sealed class SecretBytes : IDisposable
{
    private readonly byte[] _buffer;
    private readonly int _start;
    private readonly bool _resident;
    private volatile bool _disposed;

    private SecretBytes(int length, bool resident)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
        _resident = resident;
        _buffer = resident ? ResidentMemory.Allocate(length, out _start) : GC.AllocateArray<byte>(length, pinned: true);
    }

    /// <summary>Zeroes what nobody disposed of.</summary>
    ~SecretBytes() => Clear();

    /// <summary>Bytes of the secret.</summary>
    public int Length { get; }

    /// <summary>Makes a secret.</summary>
    /// <param name="length">Its bytes, at least 1.</param>
    /// <param name="state">Passed to <paramref name="fill"/>.</param>
    /// <param name="fill">Writes it; the span is zeroed before.</param>
    /// <param name="resident">
    /// Whether it is to lie on memory pages of its own that are kept out of swap and core dumps where the system lets it (Linux; <c>mlock</c> is
    /// bounded by RLIMIT_MEMLOCK). For the few secrets that live long.
    /// </param>
    public static SecretBytes Create<TState>(int length, TState state, SpanAction<byte, TState> fill, bool resident = false)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(fill);
        SecretBytes secret = new(length, resident);
        try
        {
            fill(secret.Bytes(), state);
            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }

    /// <summary>Draws a secret from the system's CSPRNG.</summary>
    /// <param name="length">Its bytes, at least 1.</param>
    /// <param name="resident">As in <see cref="Create"/>.</param>
    public static SecretBytes Random(int length, bool resident = false) =>
        Create(length, 0, static (bytes, _) => RandomNumberGenerator.Fill(bytes), resident);

    /// <summary>Moves bytes into a secret: the source is zeroed.</summary>
    /// <param name="source">At least 1 byte.</param>
    /// <param name="resident">As in <see cref="Create"/>.</param>
    public static SecretBytes TakeFrom(Span<byte> source, bool resident = false)
    {
        SecretBytes secret = Create(source.Length, source, static (bytes, from) => from.CopyTo(bytes), resident);
        CryptographicOperations.ZeroMemory(source);
        return secret;
    }

    /// <summary>The secret itself. Do not copy it to where nobody zeroes it.</summary>
    /// <exception cref="ObjectDisposedException">It has been zeroed: zeros must never serve as a key.</exception>
    public ReadOnlySpan<byte> Expose()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Bytes();
    }

    /// <summary>Zeroes the secret.</summary>
    public void Dispose()
    {
        Clear();
        GC.SuppressFinalize(this);
    }

    private Span<byte> Bytes() => _buffer.AsSpan(_start, Length);

    private void Clear()
    {
        if (_disposed || _buffer is null)
            return;
        _disposed = true;
        CryptographicOperations.ZeroMemory(Bytes());
        if (_resident)
            ResidentMemory.Release(_buffer, _start, Length);
    }
}
