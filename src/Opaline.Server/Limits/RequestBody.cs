using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Opaline.Server.Problems;

namespace Opaline.Server.Limits;

/// <summary>Reads bodies whole, within a bound that holds for the compressed and for the decompressed size.</summary>
internal static class RequestBody
{
    /// <summary>Bound of every body that is not a batch: declarations and queries.</summary>
    public const int SmallBytes = 1_048_576;

    private const int FirstBuffer = 16_384;

    /// <summary>The decompressed body. The array belongs to the caller.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        // The bound is held here and not by Kestrel, which would cut the connection: so the caller hears why, while Kestrel throws the rest away.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (request.ContentLength > maxBytes)
            throw new ProblemException(ExceptionProblems.BodyTooLarge(maxBytes));
        string encoding = request.Headers.ContentEncoding.ToString().Trim();
        if (encoding.Length == 0 || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
            return await ReadAsync(request.Body, request.ContentLength, maxBytes, cancellationToken);
        if (!string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType, ProblemCodes.UnsupportedEncoding, "Send the body plain or with Content-Encoding: gzip.");
        }

        try
        {
            await using GZipStream gzip = new(request.Body, CompressionMode.Decompress);
            return await ReadAsync(gzip, null, maxBytes, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, ProblemCodes.BadEncoding, "The body is not the gzip that Content-Encoding says.");
        }
    }

    /// <summary>A JSON document of the contract.</summary>
    public static async Task<T> ReadJsonAsync<T>(HttpRequest request, CancellationToken cancellationToken)
    {
        RequireJson(request);
        ReadOnlyMemory<byte> body = await ReadAsync(request, SmallBytes, cancellationToken);
        return JsonSerializer.Deserialize<T>(body.Span, ContractJson.Strict)
            ?? throw new ProblemException(StatusCodes.Status400BadRequest, ProblemCodes.BadJson, "The body is null; send a JSON document, see /docs.", "$");
    }

    public static void RequireJson(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType, ProblemCodes.UnsupportedMediaType, "Send JSON with Content-Type: application/json.");
        }

        RequireUtf8(request);
    }

    /// <summary>Bodies are read as UTF-8, so one that says to be anything else is refused rather than misread.</summary>
    public static void RequireUtf8(HttpRequest request)
    {
        if (request.ContentType is null || (MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) && type.Parameters.All(IsUtf8)))
            return;
        throw new ProblemException(
            StatusCodes.Status415UnsupportedMediaType, ProblemCodes.UnsupportedMediaType, "Send the body in UTF-8, with charset=utf-8 or no charset.");
    }

    private static bool IsUtf8(NameValueHeaderValue parameter) =>
        !parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)
        || HeaderUtilities.RemoveQuotes(parameter.Value).Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, long? length, int maxBytes, CancellationToken cancellationToken)
    {
        // One byte more than allowed is asked for, so that too much is noticed without reading on.
        byte[] buffer = new byte[Math.Min((int)(length ?? FirstBuffer), maxBytes) + 1];
        int filled = 0;
        while (true)
        {
            int read = await body.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
                return buffer.AsMemory(0, filled);
            filled += read;
            if (filled > maxBytes)
                throw new ProblemException(ExceptionProblems.BodyTooLarge(maxBytes));
            if (filled == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, (long)maxBytes + 1));
        }
    }
}
