using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Opaline.KeyManagement;

/// <summary>The JSON object of a request, written into a buffer that is zeroed when disposed.</summary>
internal sealed class KeyServiceRequest : IDisposable
{
    private const int Capacity = 16_384;

    private readonly SecretBuffer _buffer = new(Capacity);
    private readonly Utf8JsonWriter _writer;

    public KeyServiceRequest()
    {
        _writer = new Utf8JsonWriter(_buffer);
        _writer.WriteStartObject();
    }

    public KeyServiceRequest Text(string name, string value)
    {
        _writer.WriteString(name, value);
        return this;
    }

    public KeyServiceRequest Number(string name, long value)
    {
        _writer.WriteNumber(name, value);
        return this;
    }

    public KeyServiceRequest Base64(string name, ReadOnlySpan<byte> value)
    {
        _writer.WriteBase64String(name, value);
        return this;
    }

    public KeyServiceRequest Base64OfUrls(string name, ReadOnlySpan<byte> value)
    {
        Span<byte> text = GC.AllocateArray<byte>(Base64Url.GetEncodedLength(value.Length), pinned: true);
        Base64Url.EncodeToUtf8(value, text);
        _writer.WriteString(name, text);
        CryptographicOperations.ZeroMemory(text);
        return this;
    }

    public KeyServiceRequest Object(string name, string innerName, bool innerValue)
    {
        _writer.WriteStartObject(name);
        _writer.WriteBoolean(innerName, innerValue);
        _writer.WriteEndObject();
        return this;
    }

    /// <summary>Ends the object. What it gives may be sent more than once, until this is disposed.</summary>
    public ReadOnlyMemory<byte> ExposeFinished()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.ExposeWritten();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _buffer.Dispose();
    }
}
