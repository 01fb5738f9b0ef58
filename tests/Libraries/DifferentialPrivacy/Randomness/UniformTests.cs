using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Randomness;

public class UniformTests
{
    [Fact]
    public void Draws_at_or_above_the_bound_are_rejected_not_reduced()
    {
        ScriptedBits bits = new(7, 6, 5, 3);
        Assert.Equal(3UL, Uniform.Below(bits, 5UL));
        Assert.Equal(4, bits.Used);
        Assert.Equal(3, Uniform.Below(new ScriptedBits(7, 6, 5, 3), new BigInteger(5)));
    }

    [Fact]
    public void A_bound_of_one_needs_no_bits() => Assert.Equal(0UL, Uniform.Below(new ScriptedBits(), 1UL));

    [Fact]
    public void Wide_draws_take_all_their_bits() =>
        Assert.Equal(((BigInteger)5 << 6) + 9, Uniform.Below(new ScriptedBits(5, 9), BigInteger.One << 70));

    // Chi-square at a false-alarm chance below 1e-9; the twin reduces a byte modulo 200 and is rejected.
    [Fact]
    public void Draws_are_uniform_and_a_remainder_is_not()
    {
        const int draws = 300_000;
        long[] good = new long[draws];
        long[] biased = new long[draws];
        CryptographicBits bits = CryptographicBits.OfThread;
        for (int i = 0; i < draws; i++)
        {
            good[i] = (long)Uniform.Below(bits, 200UL);
            biased[i] = (long)(bits.Next(8) % 200);
        }
        static double UpperTail(long t) => Math.Clamp((200 - t) / 200.0, 0, 1);
        Assert.False(ChiSquare.Rejects(good, UpperTail, 0, 1));
        Assert.True(ChiSquare.Rejects(biased, UpperTail, 0, 1));
    }

    // 2^17 words, 6.8 standard deviations at 64 places: a false-alarm chance below 1e-9.
    [Fact]
    public void Bits_of_the_source_are_balanced_and_cut_to_length()
    {
        const int words = 1 << 17;
        int[] ones = new int[64];
        for (int i = 0; i < words; i++)
        {
            ulong word = CryptographicBits.OfThread.Next(64);
            for (int place = 0; place < 64; place++)
                ones[place] += (int)(word >> place) & 1;
        }
        double sd = Math.Sqrt(words) / 2;
        Assert.All(ones, n => Assert.InRange((n - (words / 2.0)) / sd, -6.8, 6.8));
        for (int bits = 1; bits < 64; bits++)
            Assert.True(CryptographicBits.OfThread.Next(bits) < 1UL << bits);
    }

    // Two equal words of 64 bits among 1,000 have a chance below 1e-13, also where they follow draws of other lengths.
    [Fact]
    public void No_bits_are_handed_out_twice()
    {
        HashSet<ulong> words = [];
        for (int i = 0; i < 1000; i++)
        {
            CryptographicBits.OfThread.Next(1 + (i % 64));
            Assert.True(words.Add(CryptographicBits.OfThread.Next(64)));
            Assert.True(words.Add(DirectBits.OfThread.Next(64)));
        }
    }

    [Fact]
    public void Threads_draw_from_sources_of_their_own()
    {
        CryptographicBits here = CryptographicBits.OfThread;
        CryptographicBits? there = null;
        Thread thread = new(() => there = CryptographicBits.OfThread);
        thread.Start();
        thread.Join();
        Assert.NotSame(here, there);
        Assert.Same(here, CryptographicBits.OfThread);
    }
}
