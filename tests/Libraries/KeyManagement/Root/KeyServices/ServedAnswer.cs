using System.Text.Json;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>An answer of a key service in this process.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body.</param>
internal sealed record ServedAnswer(int Status, byte[] Body)
{
    public static ServedAnswer Ok(object body) => Json(200, body);

    public static ServedAnswer Json(int status, object body) => new(status, JsonSerializer.SerializeToUtf8Bytes(body));
}
