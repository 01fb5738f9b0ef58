using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Opaline.KeyManagement;

/// <summary>
/// What a key service answered: status and JSON, in a buffer that is zeroed when disposed. Values are taken out of it one by one, and nothing of it gets
/// into an exception.
/// </summary>
internal sealed class KeyServiceAnswer(int status, TimeSpan? retryAfter, SecretBuffer body) : IDisposable
{
    private const int MaxDepth = 32;

    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public bool IsSuccess => Status is >= 200 and < 300;

    private ReadOnlySpan<byte> Json => body.ExposeWritten().Span;

    /// <summary>The text at that path of names.</summary>
    /// <exception cref="KeyUnavailableException">There is none (<see cref="KeyFailure.Malformed"/>); so for the others.</exception>
    public string Text(params ReadOnlySpan<string> path) => TextOrNull(path) ?? throw Malformed();

    public string? TextOrNull(params ReadOnlySpan<string> path)
    {
        try
        {
            Utf8JsonReader reader = Reader();
            return TryFind(ref reader, path) && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception e) when (IsParsing(e))
        {
            throw Malformed();
        }
    }

    /// <summary>The whole number at that path, also where it is written as a text.</summary>
    public long Number(params ReadOnlySpan<string> path)
    {
        try
        {
            Utf8JsonReader reader = Reader();
            if (!TryFind(ref reader, path))
                throw Malformed();
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number))
                return number;
            if (reader.TokenType == JsonTokenType.String
                && long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            {
                return number;
            }
            throw Malformed();
        }
        catch (Exception e) when (IsParsing(e))
        {
            throw Malformed();
        }
    }

    /// <summary>Whether true stands at that path; what is absent is false, as in protocol buffers.</summary>
    public bool IsTrue(params ReadOnlySpan<string> path)
    {
        try
        {
            Utf8JsonReader reader = Reader();
            return TryFind(ref reader, path) && reader.TokenType == JsonTokenType.True;
        }
        catch (Exception e) when (IsParsing(e))
        {
            throw Malformed();
        }
    }

    public DateTimeOffset? TimeOrNull(params ReadOnlySpan<string> path) => TextOrNull(path) is not { } text
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : throw Malformed();

    /// <summary>The secret at that path, in base64 (of URLs, where <paramref name="url"/>).</summary>
    public SecretBytes Secret(bool url, params ReadOnlySpan<string> path)
    {
        Span<byte> text = GC.AllocateArray<byte>(Json.Length, pinned: true);
        Span<byte> secret = GC.AllocateArray<byte>(Json.Length, pinned: true);
        try
        {
            Utf8JsonReader reader = Reader();
            if (!TryFind(ref reader, path) || reader.TokenType != JsonTokenType.String)
                throw Malformed();
            ReadOnlySpan<byte> encoded = text[..reader.CopyString(text)];
            int length;
            bool decoded = url
                ? Base64Url.TryDecodeFromUtf8(encoded, secret, out length)
                : Base64.DecodeFromUtf8(encoded, secret, out _, out length) == System.Buffers.OperationStatus.Done;
            return decoded && length > 0 ? SecretBytes.TakeFrom(secret[..length], resident: true) : throw Malformed();
        }
        catch (Exception e) when (IsParsing(e))
        {
            throw Malformed();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Bytes at that path that are no secret, in base64.</summary>
    public byte[] Bytes(bool url, params ReadOnlySpan<string> path)
    {
        using SecretBytes bytes = Secret(url, path);
        return bytes.Expose().ToArray();
    }

    public void Dispose() => body.Dispose();

    public static KeyUnavailableException Malformed() => new(
        KeyFailure.Malformed, "The key service's answer is not of the form that it publishes: check its address and version.");

    private static bool IsParsing(Exception e) => e is JsonException or InvalidOperationException or FormatException or ArgumentException;

    private static bool TryFind(ref Utf8JsonReader reader, scoped ReadOnlySpan<string> path)
    {
        if (!reader.Read())
            return false;
        foreach (string name in path)
        {
            if (reader.TokenType != JsonTokenType.StartObject || !TryEnter(ref reader, name))
                return false;
        }
        return true;
    }

    private static bool TryEnter(ref Utf8JsonReader reader, string name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool here = reader.ValueTextEquals(name);
            reader.Read();
            if (here)
                return true;
            reader.Skip();
        }
        return false;
    }

    private Utf8JsonReader Reader() => new(Json, new JsonReaderOptions { MaxDepth = MaxDepth });
}
