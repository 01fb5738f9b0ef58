using Opaline.KeyManagement;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Keys;

public class FieldKeysTests
{
    [Fact]
    public async Task Keys_of_a_tenant_are_its_scope_secrets()
    {
        using TemporaryFolder folder = new();
        using IRootKey root = RootKeyFile.Open(new RootKeyFileOptions { Folder = folder.File("keys") });
        using TenantKeys tenant = await TenantKeys.CreateAsync(root, "default", TestContext.Current.CancellationToken);
        FieldKeys keys = FieldKeys.Of(tenant, "metadata.email", 7, 3);
        byte[] expected = new byte[32];
        byte[] derived = new byte[32];
        tenant.DeriveScopeSecret("ff1", "metadata.email", 3, expected);
        keys.Derive("ff1", 32, key =>
        {
            key.CopyTo(derived);
            return true;
        });
        Assert.Equal(expected, derived);
        Assert.Equal(("default", 7, 3), (keys.Tenant, keys.Number, keys.Version));
    }

    [Fact]
    public void Salt_gives_each_value_keys_of_its_own()
    {
        byte[] salt = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        byte[] other = [.. salt.Select(b => (byte)(b ^ 1))];
        Assert.Equal(Key(TokenKeys.Of().WithSalt(salt)), Key(TokenKeys.Of().WithSalt(salt)));
        byte[][] keys = [Key(TokenKeys.Of()), Key(TokenKeys.Of().WithSalt(salt)), Key(TokenKeys.Of().WithSalt(other)), Key(TokenKeys.Of(field: "other").WithSalt(salt))];
        Assert.Equal(keys.Length, keys.Select(Convert.ToHexString).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenKeys.Of().WithSalt(new byte[15]));

        static byte[] Key(FieldKeys keys) => keys.Derive("ff1", 32, key => key.ToArray());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(65_536, 1)]
    [InlineData(0, 0)]
    public void Numbers_out_of_range_are_refused(int number, int version) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenKeys.Of(number: number, version: version));
}
