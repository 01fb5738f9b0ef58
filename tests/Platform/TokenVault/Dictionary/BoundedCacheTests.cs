using CsCheck;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault.Dictionary;

public class BoundedCacheTests
{
    [Fact]
    public void Cache_never_holds_more_than_its_capacity_nor_a_wrong_value() =>
        Gen.Select(Gen.Int[2, 20], Gen.Int[0, 40].Array[0, 300]).Sample((capacity, keys) =>
        {
            BoundedCache<int, int> cache = new(capacity);
            foreach (int key in keys)
            {
                if (cache.TryGet(key, out int value))
                    Assert.Equal(key * 7, value);
                else
                    cache.Put(key, key * 7);
                Assert.InRange(cache.Count, 0, capacity);
            }
        });

    [Fact]
    public void What_is_used_stays()
    {
        BoundedCache<int, int> cache = new(10);
        cache.Put(0, 0);
        for (int i = 1; i < 100; i++)
        {
            cache.Put(i, i);
            Assert.True(cache.TryGet(0, out _));
        }
        Assert.False(cache.TryGet(50, out _));
    }
}
