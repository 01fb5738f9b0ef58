using System.Security.Cryptography;
using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Beacons;

public class BeaconKeyTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, BeaconKey.Size).Select(i => (byte)i)];

    [Fact]
    public void Beacon_is_the_first_bits_of_the_hmac() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Int[1, BeaconKey.MaxBits]).Sample((value, bits) =>
        {
            using BeaconKey key = new(Key, bits);
            byte[] mac = HMACSHA256.HashData(Key, value);
            string expected = string.Concat(mac.Select(b => b.ToString("b8", null)))[..bits];
            Assert.Equal(expected, key.Compute(value).ToString("b" + bits, null));
        });

    [Fact]
    public void Spellings_of_one_value_share_a_beacon()
    {
        using BeaconKey key = new(Key, 40);
        Assert.Equal(key.Compute(TokenKind.Email, "jane@example.com"), key.Compute(TokenKind.Email, " Jane@Example.COM "));
        Assert.NotEqual(key.Compute(TokenKind.Email, "jane@example.com"), key.Compute(TokenKind.Email, "joan@example.com"));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(1_000, 8)]
    [InlineData(1_024, 9)]
    [InlineData(long.MaxValue, 61)]
    public void Length_leaves_two_values_to_a_beacon(long values, int bits)
    {
        Assert.Equal(bits, BeaconKey.BitsFor(values));
        Assert.True((values >> bits) >= 2);
    }

    [Fact]
    public void Bad_arguments_are_refused_by_name()
    {
        Assert.Throws<ArgumentException>("key", () => new BeaconKey(new byte[16], 20));
        Assert.Throws<ArgumentOutOfRangeException>("bits", () => new BeaconKey(Key, 0));
        Assert.Throws<ArgumentOutOfRangeException>("bits", () => new BeaconKey(Key, 64));
        Assert.Throws<ArgumentOutOfRangeException>("distinctValues", () => BeaconKey.BitsFor(3));
    }

    [Fact]
    public void Disposed_key_computes_nothing()
    {
        BeaconKey key = new(Key, 20);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Compute("x"u8));
    }
}
