using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.FormatPreserving;

/// <summary>
/// That all ways to compute FF1 are one: alone or many at once, digits or numbers, by the processor's AES or the platform's, and the
/// standard's own arithmetic.
/// </summary>
public class Ff1CoreTests
{
    private static readonly Gen<int> Radix = Gen.Frequency(
        (3, Gen.OneOf(2, 3, 4, 10, 16, 26, 36, 62, 64, 85, 256, 1_000, 65_535, 65_536)),
        (1, Gen.Int[2, 65_536]));

    private static readonly Gen<Texts> Many =
        from key in Gen.OneOf(16, 24, 32).SelectMany(size => Gen.Byte.Array[size])
        from radix in Radix
        from length in Gen.Int[2, Ff1Shape.MaxLength(radix) + 3]
        from count in Gen.Frequency((1, Gen.Int[0, 9]), (1, Gen.Int[60, 140]))
        from digits in Digits(radix).Array[length * count]
        from size in Gen.Frequency((2, Gen.Const(7)), (1, Gen.Int[0, 40]))
        from each in size == 0 ? Gen.Const(false) : Gen.Bool
        from tweaks in Gen.Byte.Array[each ? size * count : size]
        select new Texts(key, radix, length, count, digits, size, each, tweaks);

    [Fact]
    public void Many_at_once_are_encrypted_as_each_alone_and_as_the_standard_writes_it() =>
        Many.Sample(texts =>
        {
            using Ff1Core core = new(texts.Key, texts.Radix);
            using PortableAesBlocks aes = new(texts.Key);
            ushort[] expected = new ushort[texts.Digits.Length];
            ushort[] alone = new ushort[texts.Digits.Length];
            for (int i = 0; i < texts.Count; i++)
            {
                Range range = (i * texts.Length)..((i + 1) * texts.Length);
                Ff1Reference.Run(aes, texts.Radix, texts.Tweaks[i], texts.Digits.AsSpan(range), expected.AsSpan(range), inverse: false);
                core.Run(texts.Tweaks[i], texts.Digits.AsSpan(range), alone.AsSpan(range), inverse: false);
            }
            Assert.Equal(expected, alone);
            ushort[] many = new ushort[texts.Digits.Length];
            core.RunMany(texts.Tweaks, texts.Length, texts.Digits, many, inverse: false);
            Assert.Equal(expected, many);
            core.RunMany(texts.Tweaks, texts.Length, many, many, inverse: true);
            Assert.Equal(texts.Digits, many);
            for (int i = 0; i < texts.Count; i++)
            {
                Span<ushort> text = alone.AsSpan(i * texts.Length, texts.Length);
                core.Run(texts.Tweaks[i], text, text, inverse: true);
            }
            Assert.Equal(texts.Digits, alone);
        }, iter: LongRuns.Enabled ? 100_000 : 300);

    [Fact]
    public void The_platforms_aes_gives_the_same_texts() =>
        Many.Sample(texts =>
        {
            using Ff1Core core = new(texts.Key, texts.Radix);
            using Ff1Core portable = new(new PortableAesBlocks(texts.Key), texts.Radix);
            ushort[] expected = new ushort[texts.Digits.Length];
            ushort[] actual = new ushort[texts.Digits.Length];
            core.RunMany(texts.Tweaks, texts.Length, texts.Digits, expected, inverse: false);
            portable.RunMany(texts.Tweaks, texts.Length, texts.Digits, actual, inverse: false);
            Assert.Equal(expected, actual);
            for (int i = 0; i < Math.Min(texts.Count, 3); i++)
            {
                Span<ushort> text = actual.AsSpan(i * texts.Length, texts.Length);
                portable.Run(texts.Tweaks[i], text, text, inverse: true);
                Assert.Equal(texts.Digits.AsSpan(i * texts.Length, texts.Length), text);
            }
        }, iter: LongRuns.Enabled ? 20_000 : 100);

    [Fact]
    public void Numbers_are_encrypted_as_their_digits() =>
        Many.Where(texts => texts.Length <= Ff1Shape.MaxLength(texts.Radix)).Sample(texts =>
        {
            using Ff1Core core = new(texts.Key, texts.Radix);
            UInt128[] values = [.. texts.Digits.Chunk(texts.Length).Select(digits => Number(texts.Radix, digits))];
            ushort[] digits = new ushort[texts.Digits.Length];
            core.RunMany(texts.Tweaks, texts.Length, texts.Digits, digits, inverse: false);
            UInt128[] expected = [.. digits.Chunk(texts.Length).Select(text => Number(texts.Radix, text))];

            UInt128[] actual = new UInt128[values.Length];
            core.RunMany(texts.Tweaks, texts.Length, values, actual, inverse: false);
            Assert.Equal(expected, actual);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.Equal(expected[i], core.Run(texts.Tweaks[i], values[i], texts.Length, inverse: false));
                Assert.Equal(values[i], core.Run(texts.Tweaks[i], expected[i], texts.Length, inverse: true));
            }
            core.RunMany(texts.Tweaks, texts.Length, actual, actual, inverse: true);
            Assert.Equal(values, actual);
            if (new Ff1Shape(texts.Radix, texts.Length).MaxNumber > ulong.MaxValue)
                return;
            ulong[] words = [.. values.Select(value => (ulong)value)];
            core.RunMany(texts.Tweaks, texts.Length, words, words, inverse: false);
            Assert.Equal(expected, words.Select(word => (UInt128)word));
            core.RunMany(texts.Tweaks, texts.Length, words, words, inverse: true);
            Assert.Equal(values, words.Select(word => (UInt128)word));
        }, iter: LongRuns.Enabled ? 50_000 : 500);

    /// <summary>The halves of edge cases: all zero and all ones, the shapes at which a half comes to have 32 and 64 bits.</summary>
    [Theory]
    [InlineData(2, 64)]
    [InlineData(2, 65)]
    [InlineData(2, 122)]
    [InlineData(2, 127)]
    [InlineData(2, 128)]
    [InlineData(3, 40)]
    [InlineData(3, 80)]
    [InlineData(10, 18)]
    [InlineData(10, 19)]
    [InlineData(10, 20)]
    [InlineData(10, 38)]
    [InlineData(255, 9)]
    [InlineData(256, 8)]
    [InlineData(256, 16)]
    [InlineData(65_535, 3)]
    [InlineData(65_535, 5)]
    [InlineData(65_535, 8)]
    [InlineData(65_536, 3)]
    [InlineData(65_536, 8)]
    public void Extreme_texts_come_out_as_the_standard_writes_it(int radix, int length)
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        using Ff1Core core = new(key, radix);
        using PortableAesBlocks aes = new(key);
        for (int pattern = 0; pattern < 64; pattern++)
        {
            // From the left to the right half the six bits of the pattern choose the smallest or the largest digit.
            ushort[] digits = [.. Enumerable.Range(0, length).Select(i => (ushort)((pattern >> (i * 6 / length) & 1) * (radix - 1)))];
            byte[] tweak = [(byte)pattern, 1, 2, 3, 4, 5, 6];
            ushort[] expected = new ushort[length];
            ushort[] actual = new ushort[length];
            Ff1Reference.Run(aes, radix, tweak, digits, expected, inverse: false);
            core.Run(tweak, digits, actual, inverse: false);
            Assert.Equal(expected, actual);
            core.RunMany(Ff1Tweaks.Same(tweak), length, actual, actual, inverse: true);
            Assert.Equal(digits, actual);
        }
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 9)]
    [InlineData(37, 2)]
    [InlineData(3, 6)]
    public void Every_text_of_a_small_domain_becomes_another_one(int radix, int length)
    {
        using Ff1Core core = new(new byte[32], radix);
        int size = (int)Math.Pow(radix, length);
        HashSet<UInt128> seen = [];
        for (int value = 0; value < size; value++)
        {
            UInt128 encrypted = core.Run("tweak"u8, (UInt128)value, length, inverse: false);
            Assert.True(encrypted < (UInt128)size);
            Assert.True(seen.Add(encrypted));
        }
    }

    [Fact]
    public void One_key_serves_many_threads()
    {
        using Ff1Core core = new(new byte[32], 10);
        UInt128[] expected = [.. Enumerable.Range(0, 500).Select(i => core.Run(new byte[i % 12], (UInt128)i, 6 + (i % 20), inverse: false))];
        using Ff1Core shared = new(new byte[32], 10);
        Parallel.For(0, 20_000, i =>
        {
            int j = i % 500;
            Assert.Equal(expected[j], shared.Run(new byte[j % 12], (UInt128)j, 6 + (j % 20), inverse: false));
        });
    }

    private static Gen<ushort> Digits(int radix) =>
        Gen.Frequency((1, Gen.Const((ushort)(radix - 1))), (1, Gen.Const((ushort)0)), (6, Gen.UShort[0, (ushort)(radix - 1)]));

    private static UInt128 Number(int radix, ushort[] digits) =>
        digits.Aggregate(UInt128.Zero, (number, digit) => (number * (UInt128)radix) + digit);

    private sealed record Texts(byte[] Key, int Radix, int Length, int Count, ushort[] Digits, int TweakSize, bool Each, byte[] TweakBytes)
    {
        public Ff1Tweaks Tweaks => Each ? Ff1Tweaks.Each(TweakBytes, TweakSize) : Ff1Tweaks.Same(TweakBytes);
    }
}
