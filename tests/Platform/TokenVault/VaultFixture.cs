using System.Text;
using Microsoft.Extensions.Options;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.KeyManagement;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;
using Opaline.Tokenization;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault;

/// <summary>A vault on a real store, with a root key of its own; can be restarted on the same files.</summary>
internal sealed class VaultFixture : IAsyncDisposable
{
    public const string Scope = "subject";
    public const string EmailScope = "metadata.email";

    public static readonly IReadOnlyDictionary<string, TokenFormat> NoFormats = new Dictionary<string, TokenFormat>();

    public static readonly Tenant Acme = new("acme");
    public static readonly Tenant Globex = new("globex");

    private readonly TemporaryFolder _folder = new();
    private readonly VaultOptions _options;
    private readonly TimeProvider _time;
    private EmbeddedStores _stores;
    private RootKeyFile _root;

    public VaultFixture(VaultOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new VaultOptions();
        _time = time ?? TimeProvider.System;
        _stores = new EmbeddedStores(DataFolder);
        _root = RootKeyFile.Open(new RootKeyFileOptions { Folder = KeyFolder });
        Vault = NewVault();
    }

    public Vault Vault { get; private set; }

    public RevealOptions RevealLimits { get; } = new();

    public AuditLog Audit => new(Store, _time, Options.Create(new AuditOptions()));

    public KeyRotator NewRotator(IRootKey? root = null) => new(Store, root ?? _root, Vault, Audit, _time, Options.Create(RotationTimes));

    public RevealService Reveals => new(Store, Vault, Audit, _time, Options.Create(RevealLimits));

    public RotationOptions RotationTimes { get; } = new();

    public IRootKey Root => _root;

    public IControlStore Store => _stores.Control;

    public string DataFolder => _folder.File("data");

    public string KeyFolder => _folder.File("keys");

    public static VaultValue Email(int subject, string raw) => new(subject, EmailScope, TokenKind.Email, raw);

    public Task<VaultBatch> ResolveAsync(string[] subjects, params VaultValue[] values) => ResolveAsync(Acme, subjects, values);

    public Task<VaultBatch> ResolveAsync(Tenant tenant, string[] subjects, params VaultValue[] values) =>
        Vault.ResolveAsync(tenant, Scope, subjects, values, TestContext.Current.CancellationToken);

    public Task SaveAsync(VaultBatch batch) => Store.WriteAsync(
        transaction =>
        {
            batch.Save(transaction);
            return true;
        },
        TestContext.Current.CancellationToken);

    /// <summary>Resolves, saves and disposes.</summary>
    public async Task<(long[] Subjects, long[] Entries)> StoreAsync(Tenant tenant, string[] subjects, params VaultValue[] values)
    {
        using VaultBatch batch = await ResolveAsync(tenant, subjects, values);
        await SaveAsync(batch);
        return ([.. subjects.Select((_, i) => batch.SubjectId(i))], [.. values.Select((_, i) => batch.EntryId(i))]);
    }

    public Task<(long[] Subjects, long[] Entries)> StoreAsync(string[] subjects, params VaultValue[] values) => StoreAsync(Acme, subjects, values);

    public Task<string?> LookUpAsync(string raw) => Vault.LookUpSubjectAsync(Acme, Scope, raw, TestContext.Current.CancellationToken);

    public async Task<long> CountAsync(string table) =>
        await Store.ReadAsync(c => Convert.ToInt64(c.Scalar($"SELECT COUNT(*) FROM {table}"), null), TestContext.Current.CancellationToken);

    public async Task RestartAsync(bool keepRootKey = true)
    {
        await StopAsync();
        if (!keepRootKey)
            Directory.Delete(KeyFolder, recursive: true);
        _stores = new EmbeddedStores(DataFolder);
        _root = RootKeyFile.Open(new RootKeyFileOptions { Folder = KeyFolder });
        Vault = NewVault();
    }

    /// <summary>Closes the files without removing them.</summary>
    public async Task StopAsync()
    {
        Vault.Dispose();
        _root.Dispose();
        await _stores.DisposeAsync();
    }

    /// <summary>What reveal will do: the subject's key from the tables alone.</summary>
    public async Task<string> OpenRowAsync(Tenant tenant, long subject, byte[] box, byte[] associatedData)
    {
        using TenantRing ring = await RingAsync(tenant);
        return Encoding.UTF8.GetString(SubjectKey.OpenRow(await SubjectKeyAsync(ring, subject), subject, box, associatedData));
    }

    public async Task<string> OpenHolderAsync(Tenant tenant, long entry, long subject)
    {
        using TenantRing ring = await RingAsync(tenant);
        (byte[] box, int version) = await Store.ReadAsync(
            c =>
            {
                using System.Data.Common.DbCommand command = c.Command(
                    "SELECT sealed, key_version FROM vault_holder WHERE entry_id = @p0 AND subject_id = @p1", entry, subject);
                using System.Data.Common.DbDataReader reader = command.ExecuteReader();
                return reader.Read() ? (reader.GetFieldValue<byte[]>(0), reader.GetInt32(1)) : throw new InvalidOperationException("The subject does not hold it.");
            },
            TestContext.Current.CancellationToken);
        return ring.OpenHolder(await SubjectKeyAsync(ring, subject), version, entry, subject, box);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task<TenantRing> RingAsync(Tenant tenant)
    {
        List<StoredTenantKeys> stored = await Store.ReadAsync(c => TenantKeyTable.Read(c, tenant.Value), TestContext.Current.CancellationToken);
        return new TenantRing(new OpenVersions(await TenantKeyring.OpenAsync(_root, tenant.Value, stored, TestContext.Current.CancellationToken)), null);
    }

    private Task<byte[]> SubjectKeyAsync(TenantRing ring, long subject) => Store.ReadAsync(
        connection =>
        {
            byte[]? key = null;
            KeyTable.Read(connection, ring.Tenant, [subject], (id, wrapped, page) => ring.Unwrap([(id, wrapped, page)], (_, opened) => key = [.. opened]));
            return key ?? throw new InvalidOperationException("The subject has no key.");
        },
        TestContext.Current.CancellationToken);

    private Vault NewVault() => new(Store, _root, _time, Options.Create(_options));
}
