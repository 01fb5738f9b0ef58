using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Profiles;

/// <summary>Which server to speak to, and as whom.</summary>
/// <param name="Server">Its address.</param>
/// <param name="Credentials">One client per role.</param>
internal sealed record Profile(Uri Server, IReadOnlyList<CredentialDocument> Credentials)
{
    public static readonly string[] Roles = ["admin", "analyst", "viewer", "auditor", "ingest"];

    /// <summary>The client of the first of these roles that the profile holds.</summary>
    /// <exception cref="UsageException">It holds none of them.</exception>
    public OpalineCredentials For(params ReadOnlySpan<string> roles) => Find(roles)
        ?? throw new UsageException(
            $"The profile has no client of the role {string.Join(" or ", roles!)}. Add one with 'opaline init'.");

    /// <summary>The client of the first of these roles that the profile holds, or null.</summary>
    public OpalineCredentials? Find(params ReadOnlySpan<string> roles)
    {
        foreach (string role in roles)
        {
            foreach (CredentialDocument one in Credentials)
            {
                if (string.Equals(one.Role, role, StringComparison.OrdinalIgnoreCase))
                    return new OpalineCredentials(one.ClientId, one.ClientSecret);
            }
        }

        return null;
    }
}
