using Microsoft.AspNetCore.Authorization;
using Opaline.Access;

namespace Opaline.Server.Authorization;

/// <summary>What an endpoint needs. Stands in its metadata, where tests and the contract read it too.</summary>
/// <param name="Permission">The permission.</param>
internal sealed record PermissionRequirement(Permission Permission) : IAuthorizationRequirement;
