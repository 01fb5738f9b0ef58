using Opaline.KeyManagement;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Keys;

public class FieldKeysTests
{
    [Fact]
    public void Keys_of_a_tenant_are_its_scope_secrets()
    {
        using RootKey root = new(new byte[32], null);
        using TenantKeys tenant = TenantKeys.Create(root, "default", out _);
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

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(65_536, 1)]
    [InlineData(0, 0)]
    public void Numbers_out_of_range_are_refused(int number, int version) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenKeys.Of(number: number, version: version));
}
