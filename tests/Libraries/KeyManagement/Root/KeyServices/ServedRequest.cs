using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>A request to a key service in this process.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">Path without the first slash, and query.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Text">Its body.</param>
internal sealed record ServedRequest(string Method, string Target, IHeaderDictionary Headers, string Text)
{
    public JsonElement Body => JsonDocument.Parse(Text).RootElement;

    public string String(string name) => Body.GetProperty(name).GetString()!;

    public byte[] Base64(string name) => Convert.FromBase64String(String(name));
}
