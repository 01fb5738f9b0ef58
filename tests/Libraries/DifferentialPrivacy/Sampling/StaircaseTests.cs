using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

/// <summary>
/// The chance of each result of a try, taken apart without a statistic: the words that lead to a block are counted, and the coin is asked
/// for its threshold by bisection on 192 bits. Their product must be proportional to the law, whose weights are known to any precision.
/// </summary>
public class StaircaseTests
{
    private const int CoinBits = 192;

    // What 192 bits of the coin resolve for the rarest values compared, relative to their chance.
    private const int Agreement = 80;

    public static TheoryData<string, string, bool> Laws => new()
    {
        { "Geometric", "1", true },
        { "Geometric", "1", false },
        { "Geometric", "1/3", true },
        { "Geometric", "22", true },
        { "Geometric", "22", false },
        { "Geometric", "1234567891/1000", true },
        { "Geometric", "1000000000", true },
        { "Geometric", "1152921504606846975/576460752303423489", true },
        { "Geometric", "1000000000000000", true },
        { "Geometric", "1/1000000000", true },
        { "Gaussian", "1", true },
        { "Gaussian", "100", true },
        { "Gaussian", "9/10", true },
        { "Gaussian", "1000000000000000000", true },
        { "Gaussian", "1152921504606846975/576460752303423489", true },
        { "Gaussian", "5192296858534827628530496329220095", true },
    };

    [Theory]
    [MemberData(nameof(Laws))]
    public void The_chance_of_a_try_is_proportional_to_the_law(string law, string parameter, bool twoSided)
    {
        Rational exact = Parse(parameter);
        Decay decay = law == "Gaussian" ? Decay.Gaussian(exact) : Decay.Geometric(exact);
        Staircase staircase = twoSided ? Staircase.TwoSided(decay) : Staircase.OneSided(decay);
        BigInteger[] words = WordsTo(staircase.Choice);
        int tails = AliasTable.Count - (twoSided ? 2 : 1);
        // From the greatest weight down: what is compared is the ratio to the weight of 0.
        BigInteger reference = CoinThreshold(staircase, 0, 0, 0) * words[0];
        int compared = 0;
        for (int index = 0; index < AliasTable.Count; index += index < 8 || LongRuns.Enabled ? 1 : 7)
        {
            ulong width = 1UL << staircase.WidthBits;
            foreach (ulong offset in (ulong[])[0, width / 3, width - 1])
            {
                if (index < tails)
                    compared += Compare(index, 0, staircase.Start(index) + offset, words[index]) ? 1 : 0;
            }
        }
        for (int index = tails; index < AliasTable.Count; index++)
        {
            foreach (int heads in (int[])[0, 1, 2, 5])
            {
                ulong width = 1UL << staircase.TailBits;
                foreach (ulong offset in (ulong[])[0, width / 3, width - 1])
                {
                    // The whole tail's words, shared among sub-blocks by heads and stretched over wider blocks.
                    BigInteger share = words[index] >> (1 + staircase.TailBits - staircase.WidthBits);
                    Assert.Equal(words[index], share << (1 + staircase.TailBits - staircase.WidthBits));
                    compared += Compare(index, heads, staircase.Start(index) + ((ulong)heads * width) + offset, share) ? 1 : 0;
                }
            }
        }
        Assert.True(compared >= 3, "Nothing was compared.");

        // Where the weight is too small for 192 bits of coin there is nothing to compare.
        bool Compare(int index, int heads, ulong magnitude, BigInteger weight)
        {
            (BigInteger n, BigInteger d) = decay.Exponent(magnitude);
            (BigInteger low, BigInteger high) = NegativeExponential.Bounds(n, d, CoinBits);
            if (low.GetBitLength() <= Agreement + 40)
                return false;
            BigInteger chance = CoinThreshold(staircase, index, heads, magnitude) * weight >> heads;
            BigInteger expected = reference * low >> CoinBits;
            Assert.True(BigInteger.Abs(chance - expected) <= expected >> Agreement, $"{index} {heads} {magnitude}");
            return true;
        }
    }

    [Fact]
    public void A_coin_that_64_bits_leave_open_is_continued_to_the_same_threshold()
    {
        Staircase staircase = Staircase.TwoSided(Decay.Gaussian(1_000_000));
        const int index = 20;
        ulong magnitude = staircase.Start(index) + 5;
        BigInteger threshold = CoinThreshold(staircase, index, 0, magnitude);
        ulong first = (ulong)(threshold >> 128);
        ulong second = (ulong)((threshold >> 64) & ulong.MaxValue);
        ScriptedBits decided = new(second - 1);
        Assert.True(staircase.Accepts(decided, index, 0, magnitude, first));
        Assert.Equal(1, decided.Used);
        Assert.False(staircase.Accepts(new ScriptedBits(second + 1), index, 0, magnitude, first));
        ScriptedBits needed = new(second, (ulong)(threshold & ulong.MaxValue) - 1);
        Assert.True(staircase.Accepts(needed, index, 0, magnitude, first));
        Assert.Equal(2, needed.Used);
        Assert.True(staircase.Accepts(new ScriptedBits(), index, 0, magnitude, first - 100)); // decided without more bits
        Assert.False(staircase.Accepts(new ScriptedBits(), index, 0, magnitude, first + 100));
    }

    // What is accepted for a whole block without a look at x: the coins on both sides of the threshold of the block's rarest value.
    [Theory]
    [InlineData("Gaussian", 1_000_000)]
    [InlineData("Geometric", 1000)]
    [InlineData("Geometric", 1)]
    public void A_draw_accepts_the_rarest_value_of_a_block_up_to_its_threshold_and_no_further(string law, int parameter)
    {
        Staircase staircase = Staircase.TwoSided(law == "Gaussian" ? Decay.Gaussian(parameter) : Decay.Geometric(parameter));
        ulong last = (1UL << staircase.WidthBits) - 1;
        ulong[] zero = staircase.WidthBits == 0 ? [WordTo(staircase, 0), 0] : [WordTo(staircase, 0), 0, 0];
        for (int index = 2; index < 120; index++)
        {
            long x = (long)(staircase.Start(index) + last) * (index % 2 == 0 ? 1 : -1);
            ulong[] place = staircase.WidthBits == 0 ? [WordTo(staircase, index)] : [WordTo(staircase, index), last];
            ulong threshold = (ulong)(CoinThreshold(staircase, index, 0, (ulong)Math.Abs(x)) >> 128);
            Assert.Equal(x, staircase.Draw(new ScriptedBits([.. place, threshold - 1])));
            if (threshold < ulong.MaxValue)
                Assert.Equal(0, staircase.Draw(new ScriptedBits([.. place, threshold + 1, .. zero]))); // the next try's
        }
    }

    [Fact]
    public void A_draw_far_in_a_tail_is_exact_and_too_long_for_64_bits_only_with_an_error()
    {
        Staircase staircase = Staircase.TwoSided(Decay.Geometric(BigInteger.One << 50));
        ulong word = WordTo(staircase, AliasTable.Count - 1);
        int headsTo64Bits = 1 << (63 - staircase.TailBits);
        // A coin that is all zeros is accepted at last, however small its chance.
        ulong[] script = [word, .. Enumerable.Repeat(1UL, headsTo64Bits), .. new ulong[100]];
        Int128 magnitude = Int128.Abs(staircase.Draw(new ScriptedBits(script)));
        Assert.True(magnitude > long.MaxValue);
        Assert.Throws<OverflowException>(() => staircase.Fill(new long[1], new ScriptedBits(script)));
        script = [word, .. Enumerable.Repeat(1UL, headsTo64Bits / 2), .. new ulong[100]];
        long[] draw = new long[1];
        staircase.Fill(draw, new ScriptedBits(script));
        Assert.InRange(Math.Abs(draw[0]), 1L << 62, long.MaxValue);
    }

    [Fact]
    public void A_fill_allocates_nothing()
    {
        Staircase[] laws =
        [
            Staircase.TwoSided(Decay.Geometric(1)),
            Staircase.TwoSided(Decay.Gaussian(1_000_000)),
            Staircase.OneSided(Decay.Geometric(1_000_000_000)),
        ];
        long[] draws = new long[10_000];
        foreach (Staircase law in laws)
        {
            law.Fill(draws, DirectBits.OfThread);
            long before = GC.GetAllocatedBytesForCurrentThread();
            law.Fill(draws, DirectBits.OfThread);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private static ulong WordTo(Staircase staircase, int index) => Enumerable.Range(0, AliasTable.Count)
        .SelectMany(column => (ulong[])[(ulong)column, (ulong)column | (ulong.MaxValue << 8)])
        .First(word => staircase.Choice.Choose(word) == index);

    // The least 192-bit coin that is refused.
    private static BigInteger CoinThreshold(Staircase staircase, int index, int heads, ulong magnitude)
    {
        BigInteger low = 0; // everything below is accepted
        for (int bit = CoinBits - 1; bit >= 0; bit--)
        {
            BigInteger coin = low + (BigInteger.One << bit) - 1;
            ScriptedBits rest = new((ulong)((coin >> 64) & ulong.MaxValue), (ulong)(coin & ulong.MaxValue), ulong.MaxValue);
            if (staircase.Accepts(rest, index, heads, magnitude, (ulong)(coin >> 128)))
                low = coin + 1;
        }
        return low;
    }

    // In each column of 2^56 words, the own item comes first, then the alias.
    internal static BigInteger[] WordsTo(AliasTable table)
    {
        BigInteger[] words = new BigInteger[AliasTable.Count];
        for (ulong column = 0; column < AliasTable.Count; column++)
        {
            const ulong all = 1UL << 56;
            int alias = table.Choose((all - 1) << 8 | column);
            ulong low = 0;
            for (ulong high = all; low < high;)
            {
                ulong middle = low + ((high - low) / 2);
                if (table.Choose((middle << 8) | column) == alias)
                    high = middle;
                else
                    low = middle + 1;
            }
            if (low > 0)
                words[table.Choose(column)] += low;
            words[alias] += all - low;
        }
        return words;
    }

    private static Rational Parse(string text)
    {
        string[] parts = text.Split('/');
        return new Rational(BigInteger.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture),
            parts.Length > 1 ? BigInteger.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 1);
    }
}
