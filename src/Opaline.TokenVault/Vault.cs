using Microsoft.Extensions.Options;
using Opaline.Catalog;
using Opaline.KeyManagement;
using Opaline.Storage;

#pragma warning disable CA1822 // Surface first; the bodies follow.
namespace Opaline.TokenVault;

/// <summary>
/// The dictionary of a tenant's values: which number a value has, and the value itself, sealed under the key of each subject that has it.
/// </summary>
public sealed class Vault : IDisposable
{
    private readonly IControlStore _store;

    /// <summary>Opens the vault in the store.</summary>
    public Vault(IControlStore store, RootKey rootKey, TimeProvider time, IOptions<VaultOptions> options)
    {
        _store = store;
        _ = (rootKey, time, options);
    }

    /// <summary>
    /// Finds or makes the ids of a batch's subjects and values. Nothing is durable, and no id may be stored, until the transaction
    /// in which <see cref="VaultBatch.Save"/> was called has committed.
    /// </summary>
    /// <param name="tenant">Whose dictionary.</param>
    /// <param name="subjectScope">The dataset's subject scope.</param>
    /// <param name="rawSubjects">Identifiers as they came; may repeat.</param>
    /// <param name="values">Values to tokenize; may repeat.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">The root key does not open the tenant's keys.</exception>
    public Task<VaultBatch> ResolveAsync(
        Tenant tenant,
        string subjectScope,
        IReadOnlyList<string> rawSubjects,
        IReadOnlyList<VaultValue> values,
        CancellationToken cancellationToken) => Task.FromException<VaultBatch>(new StorageFailureException("The vault is not open."));

    /// <summary>The subject's opaque id (its display token of this month), or null if nobody of that identifier is known. Changes nothing.</summary>
    /// <param name="tenant">Whose dictionary.</param>
    /// <param name="subjectScope">The dataset's subject scope.</param>
    /// <param name="rawSubject">The identifier.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<string?> LookUpSubjectAsync(Tenant tenant, string subjectScope, string rawSubject, CancellationToken cancellationToken) =>
        _store.ReadAsync<string?>(_ => null, cancellationToken);

    /// <summary>Zeroes the cached keys.</summary>
    public void Dispose()
    {
    }
}
