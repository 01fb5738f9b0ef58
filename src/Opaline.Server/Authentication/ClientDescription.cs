using System.Collections.Immutable;
using System.Text.Json;
using Opaline.Access;
using Opaline.Catalog;

namespace Opaline.Server.Authentication;

/// <summary>What is kept of a client besides its id and hashed secret: what its tokens will say.</summary>
internal sealed record ClientDescription(Tenant Tenant, string Department, Role Role)
{
    /// <summary>In the form that OpenIddict keeps properties in.</summary>
    public Dictionary<string, JsonElement> ToProperties() => new(StringComparer.Ordinal)
    {
        [ClaimNames.Tenant] = Text(Tenant.Value),
        [ClaimNames.Department] = Text(Department),
        [ClaimNames.Role] = Text(RoleBinding.NameOf(Role)),
    };

    /// <summary>Null if the properties are not those of a client of Opaline: then it gets no token.</summary>
    public static ClientDescription? From(ImmutableDictionary<string, JsonElement> properties) =>
        Read(properties, ClaimNames.Tenant) is { } tenant
        && Read(properties, ClaimNames.Department) is { } department
        && RoleBinding.Parse(Read(properties, ClaimNames.Role)) is { } role
            ? new ClientDescription(new Tenant(tenant), department, role)
            : null;

    private static JsonElement Text(string value) => JsonSerializer.SerializeToElement(value);

    private static string? Read(ImmutableDictionary<string, JsonElement> properties, string name) =>
        properties.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
