using System.Buffers;
using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>A pinned buffer that a message with a secret in it is written to or read into; zeroed when disposed.</summary>
/// <param name="capacity">Most bytes of the message.</param>
internal sealed class SecretBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(capacity, pinned: true);
    private int _length;

    /// <summary>What was written, to be sent.</summary>
    public ReadOnlyMemory<byte> ExposeWritten() => _bytes.AsMemory(0, _length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, capacity - _length);
        _length += count;
    }

    public Memory<byte> GetMemoryToWrite() => _bytes.AsMemory(_length);

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => Room(sizeHint);

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Room(sizeHint).Span;

    private Memory<byte> Room(int sizeHint)
    {
        Memory<byte> room = _bytes.AsMemory(_length);
        return room.Length >= Math.Max(sizeHint, 1)
            ? room
            : throw new InvalidOperationException($"A message to a key service has at most {capacity} bytes.");
    }
}
