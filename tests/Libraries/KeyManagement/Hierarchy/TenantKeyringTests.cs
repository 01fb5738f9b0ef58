using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Hierarchy;

public sealed class TenantKeyringTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RootKeyFile _root;

    public TenantKeyringTests() => _root = RootKeyFile.Open(new RootKeyFileOptions { Folder = _folder.File("keys") });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pages_of_every_version_that_opens_are_found_and_of_no_other()
    {
        using TenantKeys first = await TenantKeys.CreateAsync(_root, "acme", Cancel);
        using TenantKeys second = await first.RenewAsync(_root, 2, Cancel);
        first.CreatePage(1, out byte[] old).Dispose();
        second.CreatePage(2, out byte[] fresh).Dispose();

        using (TenantKeyring ring = await OpenAsync(new(2, KeyState.Primary, second.Wrapped), new(1, KeyState.DecodeOnly, first.Wrapped)))
        {
            Assert.Equal(2, ring.Primary.Version);
            ring.UnwrapPage(1, 1, old).Dispose();
            ring.UnwrapPage(2, 1, fresh).Dispose();
        }
        using (TenantKeyring ring = await OpenAsync(new(1, KeyState.Disabled, first.Wrapped), new(2, KeyState.Primary, second.Wrapped)))
        {
            Refused(KeyFailure.Disabled, () => ring.UnwrapPage(1, 1, old));
            ring.UnwrapPage(2, 1, fresh).Dispose();
        }
        using (TenantKeyring ring = await OpenAsync(new(1, KeyState.Destroyed, default), new(2, KeyState.Primary, second.Wrapped)))
        {
            Refused(KeyFailure.Destroyed, () => ring.UnwrapPage(1, 1, old));
            Refused(KeyFailure.NotThere, () => ring.Version(3));
        }
    }

    [Fact]
    public async Task A_primary_version_that_does_not_open_opens_no_ring()
    {
        using TenantKeys first = await TenantKeys.CreateAsync(_root, "acme", Cancel);
        // The second row holds the first one's keys.
        KeyUnavailableException refused = await Assert.ThrowsAsync<KeyUnavailableException>(() => OpenAsync(
            new(1, KeyState.DecodeOnly, first.Wrapped), new(2, KeyState.Primary, first.Wrapped)));
        Assert.Equal(KeyFailure.DoesNotOpen, refused.Failure);
    }

    [Fact]
    public async Task A_damaged_older_version_is_reported_and_keeps_none_of_the_others_closed()
    {
        using TenantKeys first = await TenantKeys.CreateAsync(_root, "acme", Cancel);
        using TenantKeys second = await first.RenewAsync(_root, 2, Cancel);
        using TenantKeys third = await second.RenewAsync(_root, 3, Cancel);
        first.CreatePage(1, out byte[] old).Dispose();
        second.CreatePage(2, out byte[] middle).Dispose();
        byte[] damaged = first.Wrapped.ToArray();
        damaged[^1] ^= 1;

        using TenantKeyring ring = await OpenAsync(
            new(1, KeyState.DecodeOnly, damaged), new(2, KeyState.DecodeOnly, second.Wrapped), new(3, KeyState.Primary, third.Wrapped));

        Assert.Equal(KeyFailure.DoesNotOpen, Assert.Single(ring.Failed, f => f.Key == 1).Value);
        Refused(KeyFailure.DoesNotOpen, () => ring.UnwrapPage(1, 1, old));
        ring.UnwrapPage(2, 1, middle).Dispose();
        Assert.Equal((false, true, true), (ring.Has(1), ring.Has(2), ring.Has(3)));
    }

    [Fact]
    public async Task A_closed_ring_opens_nothing()
    {
        using TenantKeys first = await TenantKeys.CreateAsync(_root, "acme", Cancel);
        first.CreatePage(1, out byte[] page).Dispose();
        TenantKeyring ring = await OpenAsync(new StoredTenantKeys(1, KeyState.Primary, first.Wrapped));
        ring.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ring.UnwrapPage(1, 1, page));
    }

    private static void Refused(KeyFailure failure, Action act) => Assert.Equal(failure, Assert.Throws<KeyUnavailableException>(act).Failure);

    private Task<TenantKeyring> OpenAsync(params StoredTenantKeys[] stored) => TenantKeyring.OpenAsync(_root, "acme", stored, Cancel);
}
