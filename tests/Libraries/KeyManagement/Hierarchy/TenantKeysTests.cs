using System.Security.Cryptography;
using System.Text;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Hierarchy;

public sealed class TenantKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RootKeyFile _root;

    public TenantKeysTests() => _root = RootKeyFile.Open(new RootKeyFileOptions { Folder = _folder.File("keys") });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Unwrapped_keys_derive_the_same_secrets()
    {
        using TenantKeys keys = await CreateAsync("acme");
        using TenantKeys again = await TenantKeys.UnwrapAsync(_root, "acme", keys.Version, keys.Wrapped, Cancel);
        Assert.Equal(Secret(keys, "siv", "metadata.email", 1), Secret(again, "siv", "metadata.email", 1));
        Assert.Equal(TokenSecret(keys, "display", "subject"), TokenSecret(again, "display", "subject"));
    }

    [Fact]
    public async Task Secrets_differ_by_algorithm_scope_version_and_tenant()
    {
        using TenantKeys keys = await CreateAsync("acme");
        using TenantKeys other = await CreateAsync("globex");
        byte[][] secrets =
        [
            Secret(keys, "siv", "subject", 1), Secret(keys, "hmac", "subject", 1), Secret(keys, "siv", "subject/1", 1), Secret(keys, "siv", "subject", 2),
            Secret(keys, "siv", "Subject", 1), Secret(other, "siv", "subject", 1), TokenSecret(keys, "siv", "subject"),
        ];
        Assert.Equal(secrets.Length, secrets.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public async Task Derivation_is_the_documented_one()
    {
        using TenantKeys keys = await CreateAsync("acme");
        using SecretBytes all = await _root.UnwrapAsync(WrappedKey.Parse(keys.Wrapped.Span), new KeyContext("tenant-keys", "acme", 1), Cancel);
        byte[] parts = all.Expose().ToArray();
        Assert.Equal(Hkdf(parts[64..], "opaline/v1/tok/siv/subject/1"), Secret(keys, "siv", "subject", 1));
        Assert.Equal(Hkdf(parts[32..64], "opaline/v1/tokens/display/subject/1"), TokenSecret(keys, "display", "subject"));

        static byte[] Hkdf(byte[] from, string info) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, from, 32, Encoding.UTF8.GetBytes("acme"), Encoding.UTF8.GetBytes(info));
    }

    [Fact]
    public async Task Algorithm_with_a_slash_is_refused_as_the_derivation_would_be_ambiguous()
    {
        using TenantKeys keys = await CreateAsync("acme");
        Assert.Throws<ArgumentException>(() => Secret(keys, "siv/a", "b", 1));
        Assert.Throws<ArgumentException>(() => TokenSecret(keys, "siv/a", "b"));
    }

    [Fact]
    public async Task Keys_of_another_tenant_version_or_root_do_not_unwrap()
    {
        using TenantKeys keys = await CreateAsync("acme");
        using TemporaryFolder folder = new();
        using RootKeyFile otherRoot = RootKeyFile.Open(new RootKeyFileOptions { Folder = folder.File("keys") });
        await RefusedAsync(KeyFailure.DoesNotOpen, () => TenantKeys.UnwrapAsync(_root, "globex", 1, keys.Wrapped, Cancel));
        await RefusedAsync(KeyFailure.DoesNotOpen, () => TenantKeys.UnwrapAsync(_root, "acme", 2, keys.Wrapped, Cancel));
        await RefusedAsync(KeyFailure.DoesNotOpen, () => TenantKeys.UnwrapAsync(otherRoot, "acme", 1, keys.Wrapped, Cancel));
        await RefusedAsync(KeyFailure.Malformed, () => TenantKeys.UnwrapAsync(_root, "acme", 1, keys.Wrapped[..4], Cancel));
    }

    [Fact]
    public async Task Renewed_keys_keep_joins_and_change_tokens_and_wrapping()
    {
        using TenantKeys first = await CreateAsync("acme");
        using TenantKeys second = await first.RenewAsync(_root, 2, Cancel);
        Assert.Equal(2, second.Version);
        Assert.Equal(Secret(first, "siv", "subject", 1), Secret(second, "siv", "subject", 1));
        Assert.NotEqual(TokenSecret(first, "display", "subject"), TokenSecret(second, "display", "subject"));
        using SubjectKeyPage page = first.CreatePage(7, out byte[] wrapped);
        Assert.Throws<KeyUnavailableException>(() => second.UnwrapPage(7, 1, wrapped));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => second.RenewAsync(_root, 2, Cancel));
    }

    [Fact]
    public async Task Keys_outlive_the_root_version_they_were_first_wrapped_by()
    {
        using TenantKeys keys = await CreateAsync("acme");
        await _root.RotateAsync(Cancel);
        byte[] again = await keys.RewrapAsync(_root, Cancel);
        Assert.Equal("2", WrappedKey.Parse(again).Version);
        await _root.ScheduleDestroyAsync("1", Cancel);

        using TenantKeys opened = await TenantKeys.UnwrapAsync(_root, "acme", 1, again, Cancel);
        Assert.Equal(Secret(keys, "siv", "subject", 1), Secret(opened, "siv", "subject", 1));
        await RefusedAsync(KeyFailure.Destroyed, () => TenantKeys.UnwrapAsync(_root, "acme", 1, keys.Wrapped, Cancel));
    }

    [Fact]
    public async Task Disposed_keys_derive_and_wrap_nothing()
    {
        TenantKeys keys = await CreateAsync("acme");
        SubjectKeyPage page = keys.CreatePage(1, out _);
        page.Dispose();
        keys.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Secret(keys, "siv", "subject", 1));
        Assert.Throws<ObjectDisposedException>(() => page.Wrap(1, new byte[32]));
    }

    private static async Task RefusedAsync(KeyFailure failure, Func<Task> act) =>
        Assert.Equal(failure, (await Assert.ThrowsAsync<KeyUnavailableException>(act)).Failure);

    private static byte[] Secret(TenantKeys keys, string algorithm, string scope, int version)
    {
        byte[] secret = new byte[32];
        keys.DeriveScopeSecret(algorithm, scope, version, secret);
        return secret;
    }

    private static byte[] TokenSecret(TenantKeys keys, string algorithm, string scope)
    {
        byte[] secret = new byte[32];
        keys.DeriveTokenSecret(algorithm, scope, secret);
        return secret;
    }

    private Task<TenantKeys> CreateAsync(string tenant) => TenantKeys.CreateAsync(_root, tenant, Cancel);
}
