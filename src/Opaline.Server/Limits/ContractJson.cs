using System.Text.Json;
using System.Text.Json.Serialization;
using Opaline.Client.Contracts;

namespace Opaline.Server.Limits;

/// <summary>How contracts are read from strangers: as they are written, and nothing besides. A misspelt property that is silently dropped would declare something else.</summary>
internal static class ContractJson
{
    public static JsonSerializerOptions Strict { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        JsonSerializerOptions options = new(OpalineJson.Options)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            MaxDepth = 16,
            RespectNullableAnnotations = true,
        };
        options.MakeReadOnly();
        return options;
    }
}
