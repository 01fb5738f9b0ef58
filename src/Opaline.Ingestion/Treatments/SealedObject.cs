using System.Security.Cryptography;

namespace Opaline.Ingestion;

/// <summary>Writes the plaintext of a row's sealed part. One buffer serves all rows of a batch and is zeroed at its end.</summary>
internal sealed class SealedObject : IDisposable
{
    private byte[] _bytes = new byte[4_096];
    private int _length;

    /// <summary>Whether the row has anything to seal.</summary>
    public bool Any => _length > 0;

    public void Clear() => _length = 0;

    /// <summary>Adds a member.</summary>
    /// <param name="jsonName">Its name with quotes and colon.</param>
    /// <param name="json">Its value as JSON.</param>
    public void Add(ReadOnlySpan<byte> jsonName, ReadOnlySpan<byte> json)
    {
        int needed = _length + jsonName.Length + json.Length + 2;
        if (needed > _bytes.Length)
            Grow(needed);
        _bytes[_length] = (byte)(_length == 0 ? '{' : ',');
        jsonName.CopyTo(_bytes.AsSpan(_length + 1));
        json.CopyTo(_bytes.AsSpan(_length + 1 + jsonName.Length));
        _length += 1 + jsonName.Length + json.Length;
    }

    /// <summary>The whole object.</summary>
    public ReadOnlySpan<byte> Close()
    {
        _bytes[_length++] = (byte)'}';
        return _bytes.AsSpan(0, _length);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    private void Grow(int needed)
    {
        byte[] larger = new byte[Math.Max(needed, _bytes.Length * 2)];
        _bytes.AsSpan(0, _length).CopyTo(larger);
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = larger;
    }
}
