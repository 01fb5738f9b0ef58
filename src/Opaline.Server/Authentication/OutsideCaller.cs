using System.Security.Claims;
using Opaline.Catalog;
using Opaline.Server.Configuration;

namespace Opaline.Server.Authentication;

/// <summary>From an outside authority's claims to ours. What is not configured is dropped: a claim named like one of ours says nothing.</summary>
internal static class OutsideCaller
{
    public static ClaimsPrincipal Translate(ClaimsPrincipal outside, AuthoritySection authority)
    {
        ClaimsIdentity identity = new(outside.Identity?.AuthenticationType, ClaimNames.Subject, ClaimNames.Role);
        if (outside.FindFirstValue(ClaimNames.Subject) is { Length: > 0 } subject)
            identity.AddClaim(new Claim(ClaimNames.Subject, $"{authority.Name}:{subject}"));
        identity.AddClaim(new Claim(ClaimNames.Tenant, Tenant.Default.Value));
        if (authority.DepartmentClaim.Length > 0 && outside.FindFirstValue(authority.DepartmentClaim) is { Length: > 0 } department)
            identity.AddClaim(new Claim(ClaimNames.Department, department));
        if (authority.RoleClaim.Length > 0)
        {
            foreach (Claim claim in outside.FindAll(authority.RoleClaim))
            {
                if (authority.Roles.TryGetValue(claim.Value, out string? role))
                    identity.AddClaim(new Claim(ClaimNames.Role, role));
            }
        }

        return new ClaimsPrincipal(identity);
    }
}
