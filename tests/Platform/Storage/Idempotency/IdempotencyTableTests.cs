using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Idempotency;

public sealed class IdempotencyTableTests : IAsyncDisposable
{
    private static readonly DateTime Now = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly EmbeddedStores _stores = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_stands_for_one_body()
    {
        Assert.True(await RememberAsync("s", "k", [1]));
        Assert.True(await RememberAsync("s", "k", [1]));
        Assert.False(await RememberAsync("s", "k", [2]));
        Assert.True(await RememberAsync("s", "k", [1]));
    }

    [Fact]
    public async Task Keys_of_other_senders_and_tenants_are_other_keys()
    {
        Assert.True(await RememberAsync("s", "k", [1]));
        Assert.True(await RememberAsync("t", "k", [2]));
        Assert.True(await RememberAsync("s", "k", [3], "other"));
    }

    [Fact]
    public async Task Old_keys_can_be_forgotten()
    {
        await RememberAsync("s", "k", [1]);
        Assert.Equal(0, await _stores.Control.WriteAsync(tx => IdempotencyTable.DeleteBefore(tx, Now), Token));
        Assert.Equal(1, await _stores.Control.WriteAsync(tx => IdempotencyTable.DeleteBefore(tx, Now.AddSeconds(1)), Token));
        Assert.True(await RememberAsync("s", "k", [2]));
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private Task<bool> RememberAsync(string sender, string key, byte[] hash, string tenant = "default") =>
        _stores.Control.WriteAsync(tx => IdempotencyTable.Remember(tx, new Tenant(tenant), sender, key, hash, Now), Token);
}
