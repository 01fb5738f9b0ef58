using System.Numerics;
using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.FormatPreserving;

public class Ff1Tests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    /// <summary>Issue of NIST SP 800-38G Rev. 1: radix^length has to be a million.</summary>
    [Theory]
    [InlineData(2, 20)]
    [InlineData(10, 6)]
    [InlineData(16, 5)]
    [InlineData(26, 5)]
    [InlineData(32, 4)]
    [InlineData(36, 4)]
    [InlineData(62, 4)]
    [InlineData(64, 4)]
    [InlineData(85, 4)]
    [InlineData(256, 3)]
    [InlineData(65_536, 2)]
    public void Shortest_text_has_a_million_values(int radix, int length)
    {
        Assert.Equal(length, Ff1.MinLengthOf(radix));
        Assert.True(Ff1.DomainSize(radix, length) >= Ff1.MinDomain);
        using Ff1 cipher = new(Key, radix);
        ushort[] digits = new ushort[length];
        cipher.Encrypt([], digits, digits);
        for (int shorter = 0; shorter < length; shorter++)
        {
            DomainTooSmallException refusal = Assert.Throws<DomainTooSmallException>(() => cipher.Encrypt([], new ushort[shorter], new ushort[shorter]));
            Assert.Equal(BigInteger.Pow(radix, shorter), refusal.DomainSize);
            Assert.Throws<DomainTooSmallException>(() => cipher.Decrypt([], new ushort[shorter], new ushort[shorter]));
            Assert.Throws<DomainTooSmallException>(() => cipher.Encrypt([], UInt128.Zero, shorter));
            Assert.Throws<DomainTooSmallException>(() => cipher.Decrypt([], UInt128.Zero, shorter));
            Assert.Throws<DomainTooSmallException>(() => cipher.Encrypt(default, shorter, new ushort[60], new ushort[60]));
            Assert.Throws<DomainTooSmallException>(() => cipher.Encrypt(default, shorter, new ulong[3], new ulong[3]));
            Assert.Throws<DomainTooSmallException>(() => cipher.Encrypt(default, shorter, new UInt128[3], new UInt128[3]));
        }
    }

    [Fact]
    public void Refusal_names_the_size_of_the_domain()
    {
        using Ff1 cipher = new(Key, 10);
        DomainTooSmallException refusal = Assert.Throws<DomainTooSmallException>(() => cipher.Encrypt([], new ushort[4], new ushort[4]));
        Assert.Contains("10,000 values", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1,000,000", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_decrypts_to_what_it_was_of_every_radix_and_length()
    {
        Gen<(int Radix, ushort[] Digits, byte[] Tweak)> texts =
            from radix in Gen.Frequency((1, Gen.OneOf(2, 10, 16, 26, 36, 62, 256, 65_536)), (1, Gen.Int[2, 65_536]))
            from length in Gen.Frequency((4, Gen.Int[Ff1.MinLengthOf(radix), 60]), (1, Gen.Int[60, Ff1.DefaultMaxLength]))
            from digits in Gen.UShort[0, (ushort)(radix - 1)].Array[length]
            from tweak in Gen.Byte.Array[0, 30]
            select (radix, digits, tweak);
        texts.Sample((radix, digits, tweak) =>
        {
            using Ff1 cipher = new(Key, radix);
            ushort[] encrypted = new ushort[digits.Length];
            cipher.Encrypt(tweak, digits, encrypted);
            Assert.DoesNotContain(encrypted, digit => digit >= radix);
            cipher.Decrypt(tweak, encrypted, encrypted);
            Assert.Equal(digits, encrypted);
        }, iter: LongRuns.Enabled ? 200_000 : 2_000);
    }

    /// <summary>A whole domain, of 2^20 texts: each comes out once.</summary>
    [Fact]
    public void Distinct_texts_stay_distinct()
    {
        using Ff1 cipher = new(Key, 2);
        ulong[] values = [.. Enumerable.Range(0, 1 << 20).Select(i => (ulong)i)];
        cipher.Encrypt(Ff1Tweaks.Same("card"u8), 20, values, values);
        Array.Sort(values);
        Assert.Equal(Enumerable.Range(0, 1 << 20).Select(i => (ulong)i), values);
    }

    [Fact]
    public void Keys_tweaks_and_lengths_share_no_mapping()
    {
        using Ff1 cipher = new(Key, 10);
        using Ff1 other = new(Key.AsSpan(0, 16), 10);
        UInt128 value = 123_456_789_012;
        UInt128[] all =
        [
            cipher.Encrypt("a"u8, value, 15), cipher.Encrypt("b"u8, value, 15), cipher.Encrypt("a\0"u8, value, 15),
            cipher.Encrypt("a"u8, value, 16), other.Encrypt("a"u8, value, 15),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void A_uuid_and_a_64_bit_id_are_numbers_of_radix_2()
    {
        using Ff1 cipher = new(Key, 2);
        Assert.Equal(128, cipher.MaxNumberLength);
        Gen.Select(Gen.ULong, Gen.ULong).Sample((high, low) =>
        {
            UInt128 uuid = new(high >> 6, low);
            UInt128 encrypted = cipher.Encrypt("uuid"u8, uuid, 122);
            Assert.True(encrypted >> 122 == 0);
            Assert.Equal(uuid, cipher.Decrypt("uuid"u8, encrypted, 122));
            Assert.Equal(low, (ulong)cipher.Decrypt("id"u8, cipher.Encrypt("id"u8, low, 64), 64));
        }, iter: 10_000);
    }

    [Fact]
    public void Bad_arguments_are_refused_by_name()
    {
        Assert.Throws<ArgumentException>("key", () => new Ff1(new byte[15], 10));
        Assert.Throws<ArgumentOutOfRangeException>("radix", () => new Ff1(Key, 1));
        Assert.Throws<ArgumentOutOfRangeException>("radix", () => new Ff1(Key, 65_537));
        Assert.Throws<ArgumentOutOfRangeException>("radix", () => Ff1.MinLengthOf(0));
        Assert.Throws<ArgumentOutOfRangeException>("radix", () => Ff1.DomainSize(-1, 5));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Ff1.DomainSize(10, -1));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Ff1.DomainSize(10, 1_000_000_000));
        Assert.Throws<ArgumentOutOfRangeException>("maxLength", () => new Ff1(Key, 10, 5));
        Assert.Throws<ArgumentOutOfRangeException>("maxLength", () => new Ff1(Key, 10, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => { Ff1Tweaks.Each(new byte[4], 0); });
        Assert.Throws<ArgumentException>("tweaks", () => { Ff1Tweaks.Each(new byte[4], 3); });
        using Ff1 cipher = new(Key, 10, maxLength: 12);
        Assert.Throws<ArgumentOutOfRangeException>("length", () => cipher.Encrypt([], new ushort[13], new ushort[13]));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => cipher.Encrypt([], UInt128.One, 13));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => cipher.Encrypt([], UInt128.One, -1));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => cipher.Encrypt([], (UInt128)1_000_000, 6));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => cipher.Encrypt(default, 6, (ulong[])[1_000_000], new ulong[1]));
        Assert.Throws<ArgumentException>("digits", () => cipher.Encrypt([], (ushort[])[1, 2, 3, 4, 5, 10], new ushort[6]));
        Assert.Throws<ArgumentException>("digits", () => cipher.Encrypt(default, 6, new ushort[13], new ushort[13]));
        Assert.Throws<ArgumentException>("output", () => cipher.Encrypt([], new ushort[6], new ushort[5]));
        Assert.Throws<ArgumentException>("output", () => cipher.Encrypt(default, 6, new ulong[6], new ulong[5]));
        Assert.Throws<ArgumentException>("tweaks", () => cipher.Encrypt(Ff1Tweaks.Each(new byte[14], 7), 6, new ulong[3], new ulong[3]));
        using Ff1 longer = new(Key, 10);
        Assert.Throws<ArgumentOutOfRangeException>("length", () => longer.Encrypt([], UInt128.One, 39));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => longer.Encrypt(default, 20, new ulong[3], new ulong[3]));
    }

    [Fact]
    public void Any_input_gives_a_text_or_a_typed_refusal() =>
        Gen.Select(Gen.Int[-1, 40], Gen.Int[0, 70_000], Gen.UShort.Array[0, 40], Gen.Byte.Array[0, 20], Gen.Int[-2, 45]).Sample(
            (keySize, radix, digits, tweak, length) =>
            {
                try
                {
                    using Ff1 cipher = new(Key.AsSpan(0, keySize is 16 or 24 ? keySize : 32), keySize % 3 == 0 ? radix : (radix % 300) + 2);
                    ushort[] reduced = keySize % 2 == 0 ? digits : [.. digits.Select(digit => (ushort)(digit % cipher.Radix))];
                    cipher.Encrypt(tweak, reduced, reduced);
                    Assert.DoesNotContain(reduced, digit => digit >= cipher.Radix);
                    cipher.Decrypt(Ff1Tweaks.Same(tweak), length, reduced, reduced);
                    cipher.Encrypt(tweak, new UInt128((ulong)keySize, (ulong)radix), length);
                }
                catch (ArgumentException)
                {
                    // What bad input gets.
                }
            },
            iter: LongRuns.Enabled ? 5_000_000 : 100_000);

    [Fact]
    public void Disposed_cipher_encrypts_nothing()
    {
        Ff1 cipher = new(Key, 10);
        cipher.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cipher.Encrypt([], new ushort[6], new ushort[6]));
        Assert.Throws<ObjectDisposedException>(() => cipher.Encrypt([], UInt128.One, 6));
        Assert.Throws<ObjectDisposedException>(() => cipher.Encrypt(default, 6, new ulong[1], new ulong[1]));
    }

    [Fact]
    public void Nothing_is_allocated_for_texts_of_up_to_38_decimal_digits()
    {
        Assert.SkipUnless(AesBlocks.HasNative, "The platform's AES allocates.");
        using Ff1 cipher = new(Key, 10);
        ushort[] digits = new ushort[38 * 100];
        ulong[] numbers = new ulong[100];
        byte[] tweak = new byte[7];
        byte[] tweaks = new byte[700];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (int length = 6; length <= 38; length++)
            {
                cipher.Encrypt(tweak, digits.AsSpan(0, length), digits.AsSpan(0, length));
                cipher.Decrypt(Ff1Tweaks.Each(tweaks, 7), length, digits.AsSpan(0, length * 100), digits.AsSpan(0, length * 100));
                cipher.Encrypt(tweaks, (UInt128)length, length);
            }
            cipher.Encrypt(Ff1Tweaks.Same(tweak), 19, numbers, numbers);
        }
    }
}
