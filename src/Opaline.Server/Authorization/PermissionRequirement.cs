using Microsoft.AspNetCore.Authorization;
using Opaline.Access;

namespace Opaline.Server.Authorization;

/// <summary>What an endpoint needs. Stands in its metadata, where tests and the contract read it too.</summary>
/// <param name="Permission">The permission.</param>
/// <param name="OrLoopback">Whether anyone on this machine may call it without a token.</param>
internal sealed record PermissionRequirement(Permission Permission, bool OrLoopback = false) : IAuthorizationRequirement;
