using System.Security.Cryptography;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault.SubjectKeys;

public class SubjectKeyCacheTests
{
    private readonly SteppedTime _time = new(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    [Fact]
    public void Oldest_key_leaves_when_there_is_no_room()
    {
        SubjectKeyCache cache = new(3, TimeSpan.FromMinutes(5), _time);
        byte[][] keys = [.. Enumerable.Range(0, 5).Select(_ => RandomNumberGenerator.GetBytes(32))];
        for (int i = 0; i < 5; i++)
            cache.Put(i, keys[i]);
        byte[] copy = new byte[32];
        Assert.Equal([false, false, true, true, true], Enumerable.Range(0, 5).Select(i => cache.TryCopy(i, copy) && copy.SequenceEqual(keys[i])));
        Assert.Equal(3, cache.Count);
    }

    [Fact]
    public void Key_leaves_when_it_is_old_however_often_it_was_used()
    {
        SubjectKeyCache cache = new(3, TimeSpan.FromMinutes(5), _time);
        byte[] copy = new byte[32];
        cache.Put(1, RandomNumberGenerator.GetBytes(32));
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.True(cache.TryCopy(1, copy));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(cache.TryCopy(1, copy));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Key_that_left_is_zeroed()
    {
        SubjectKeyCache cache = new(2, TimeSpan.FromMinutes(5), _time);
        byte[] key = [.. Enumerable.Repeat((byte)0xAB, 32)];
        cache.Put(1, key);
        Assert.Contains((byte)0xAB, Memory(cache));
        _time.Advance(TimeSpan.FromMinutes(5));
        cache.DropExpired();
        Assert.DoesNotContain((byte)0xAB, Memory(cache));

        cache.Put(2, key);
        cache.Clear();
        Assert.DoesNotContain((byte)0xAB, Memory(cache));
    }

    private static byte[] Memory(SubjectKeyCache cache) =>
        (byte[])typeof(SubjectKeyCache).GetField("_keys", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.GetValue(cache)!;
}
