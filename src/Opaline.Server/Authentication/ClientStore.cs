using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Storage;

namespace Opaline.Server.Authentication;

/// <summary>The clients of this server, in the control store.</summary>
internal sealed class ClientStore(IControlStore store, ControlContext reading, AuditLog audit, IServiceProvider services)
{
    /// <summary>Whether there is no client yet: nobody can get a token.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        !await reading.Set<OpenIddictEntityFrameworkCoreApplication>().AnyAsync(cancellationToken);

    /// <summary>
    /// Makes one client per role, named after it, unless there is a client already. <paramref name="keep"/> is given the secrets while
    /// nothing is written yet: if it fails no client is made.
    /// </summary>
    /// <returns>The credentials, or null if there was a client.</returns>
    public async Task<IReadOnlyList<CredentialDocument>?> CreateFirstAsync(
        Action<IReadOnlyList<CredentialDocument>> keep, CancellationToken cancellationToken)
    {
        ClientSecrets secrets = ActivatorUtilities.CreateInstance<ClientSecrets>(services);
        List<CredentialDocument> credentials = [];
        List<OpenIddictEntityFrameworkCoreApplication> applications = [];
        foreach (Role role in Enum.GetValues<Role>())
        {
            CredentialDocument credential = new(RoleBinding.NameOf(role), ClientSecrets.New(), RoleBinding.NameOf(role));
            credentials.Add(credential);
            applications.Add(Application(
                credential.ClientId,
                await secrets.HashAsync(credential.ClientSecret, cancellationToken),
                new ClientDescription(Tenant.Default, CallIdentity.DefaultDepartment, role)));
        }

        bool made = await store.WriteAsync(
            transaction =>
            {
                using ControlContext writing = ControlContext.ForWriting(transaction);
                if (writing.Set<OpenIddictEntityFrameworkCoreApplication>().Any())
                    return false;
                keep(credentials);
                writing.AddRange(applications);
                writing.SaveChanges();
                audit.Append(transaction, new AuditRecord(Tenant.Default, "system", null, AuditActions.System, "clients", "ok"));
                return true;
            },
            cancellationToken);
        return made ? credentials : null;
    }

    private static OpenIddictEntityFrameworkCoreApplication Application(string id, string hash, ClientDescription description) => new()
    {
        // The key of the row: clients are few, and their ids are unique anyway.
        Id = id,
        ClientId = id,
        ClientSecret = hash,
        ClientType = OpenIddictConstants.ClientTypes.Confidential,
        ConsentType = OpenIddictConstants.ConsentTypes.Implicit,
        DisplayName = id,
        ConcurrencyToken = "1",
        Permissions = JsonSerializer.Serialize(new[]
        {
            OpenIddictConstants.Permissions.Endpoints.Token,
            OpenIddictConstants.Permissions.GrantTypes.ClientCredentials,
        }),
        Properties = JsonSerializer.Serialize(description.ToProperties()),
    };
}
