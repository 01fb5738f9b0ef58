using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Hierarchy;

public sealed class TenantKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RootKey _root;

    public TenantKeysTests() => _root = RootKey.Open(new KeyOptions { Folder = _folder.File("keys") });

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Unwrapped_keys_derive_the_same_secrets()
    {
        using TenantKeys keys = TenantKeys.Create(_root, "acme", out byte[] wrapped);
        using TenantKeys again = TenantKeys.Unwrap(_root, "acme", keys.Version, wrapped);
        Assert.Equal(Secret(keys, "siv", "metadata.email", 1), Secret(again, "siv", "metadata.email", 1));
    }

    [Fact]
    public void Secrets_differ_by_algorithm_scope_version_and_tenant()
    {
        using TenantKeys keys = TenantKeys.Create(_root, "acme", out _);
        using TenantKeys other = TenantKeys.Create(_root, "globex", out _);
        byte[][] secrets =
        [
            Secret(keys, "siv", "subject", 1), Secret(keys, "hmac", "subject", 1), Secret(keys, "siv", "subject/1", 1), Secret(keys, "siv", "subject", 2),
            Secret(keys, "siv", "Subject", 1), Secret(other, "siv", "subject", 1),
        ];
        Assert.Equal(secrets.Length, secrets.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Derivation_is_the_documented_one()
    {
        using TenantKeys keys = TenantKeys.Create(_root, "acme", out byte[] wrapped);
        byte[] both = _root.Unseal(wrapped, Encoding.UTF8.GetBytes("opaline/v1/tenant-key/acme/1"));
        byte[] expected = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, both[32..], 32, Encoding.UTF8.GetBytes("acme"), Encoding.UTF8.GetBytes("opaline/v1/tok/siv/subject/1"));
        Assert.Equal(expected, Secret(keys, "siv", "subject", 1));
    }

    [Fact]
    public void Algorithm_with_a_slash_is_refused_as_the_derivation_would_be_ambiguous()
    {
        using TenantKeys keys = TenantKeys.Create(_root, "acme", out _);
        Assert.Throws<ArgumentException>(() => Secret(keys, "siv/a", "b", 1));
    }

    [Fact]
    public void Keys_of_another_tenant_version_or_root_do_not_unwrap()
    {
        TenantKeys.Create(_root, "acme", out byte[] wrapped).Dispose();
        using TemporaryFolder folder = new();
        using RootKey otherRoot = RootKey.Open(new KeyOptions { Folder = folder.File("keys") });
        Assert.Throws<KeyUnavailableException>(() => TenantKeys.Unwrap(_root, "globex", 1, wrapped));
        Assert.Throws<KeyUnavailableException>(() => TenantKeys.Unwrap(_root, "acme", 2, wrapped));
        Assert.Throws<KeyUnavailableException>(() => TenantKeys.Unwrap(otherRoot, "acme", 1, wrapped));
    }

    [Fact]
    public void Subject_key_opens_only_as_that_subject_page_and_version()
    {
        using TenantKeys keys = TenantKeys.Create(_root, "acme", out _);
        using SubjectKeyPage page = keys.CreatePage(7, out byte[] wrappedPage);
        byte[] key = RandomNumberGenerator.GetBytes(32);
        byte[] wrapped = page.Wrap(42, key);

        byte[] opened = new byte[32];
        using SubjectKeyPage again = keys.UnwrapPage(7, 1, wrappedPage);
        again.Unwrap(42, wrapped, opened);
        Assert.Equal(key, opened);

        Assert.Throws<KeyUnavailableException>(() => again.Unwrap(43, wrapped, opened));
        Assert.Throws<KeyUnavailableException>(() => keys.UnwrapPage(8, 1, wrappedPage));
        Assert.Throws<KeyUnavailableException>(() => keys.UnwrapPage(7, 2, wrappedPage));
        using SubjectKeyPage otherPage = keys.CreatePage(7, out _);
        Assert.Throws<KeyUnavailableException>(() => otherPage.Unwrap(42, wrapped, opened));
    }

    [Fact]
    public void Page_of_another_tenant_does_not_unwrap()
    {
        using TenantKeys keys = TenantKeys.Create(_root, "acme", out _);
        using TenantKeys other = TenantKeys.Create(_root, "globex", out _);
        keys.CreatePage(7, out byte[] wrapped).Dispose();
        Assert.Throws<KeyUnavailableException>(() => other.UnwrapPage(7, 1, wrapped));
    }

    [Fact]
    public void Disposed_keys_derive_and_wrap_nothing()
    {
        TenantKeys keys = TenantKeys.Create(_root, "acme", out _);
        SubjectKeyPage page = keys.CreatePage(1, out _);
        page.Dispose();
        keys.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Secret(keys, "siv", "subject", 1));
        Assert.Throws<ObjectDisposedException>(() => page.Wrap(1, new byte[32]));
    }

    [Fact]
    public void No_type_that_holds_a_key_prints_itself()
    {
        // A record would print its members, and a ToString invites a log line.
        IEnumerable<Type> types = typeof(RootKey).Assembly.GetTypes().Where(t => t.Namespace == "Opaline.KeyManagement" && !t.IsEnum
            && !typeof(Exception).IsAssignableFrom(t));
        Assert.NotEmpty(types);
        Assert.All(types, t => Assert.Null(t.GetMethod("ToString", BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)));
    }

    private static byte[] Secret(TenantKeys keys, string algorithm, string scope, int version)
    {
        byte[] secret = new byte[32];
        keys.DeriveScopeSecret(algorithm, scope, version, secret);
        return secret;
    }
}
