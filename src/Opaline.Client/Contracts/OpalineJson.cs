using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Opaline.Client.Contracts;

/// <summary>How the contracts stand on the wire: snake_case, absent instead of null, metadata generated at compile time.</summary>
public static class OpalineJson
{
    /// <summary>Options that write and read every contract; read-only.</summary>
    public static JsonSerializerOptions Options => WireContext.Default.Options;

    /// <summary>For hosts that have options of their own: put it first in their chain and use snake_case there.</summary>
    public static IJsonTypeInfoResolver Resolver => WireContext.Default;

    internal static JsonTypeInfo<T> Of<T>() =>
        (JsonTypeInfo<T>)(WireContext.Default.GetTypeInfo(typeof(T))
            ?? throw new InvalidOperationException($"{typeof(T).Name} is no contract of the wire."));
}
