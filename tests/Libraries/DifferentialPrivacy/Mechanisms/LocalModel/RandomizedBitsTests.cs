using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.LocalModel;

public class RandomizedBitsTests
{
    // opendp/opendp, make_randomized_response_bitvec: m = 4, f = 0.95 gives 2·m·ln((2 − f)/f).
    [Fact]
    public void Epsilon_is_the_golden_value() =>
        Assert.Equal(0.8006676684558611, new RandomizedBits(24, 4, new Rational(105, 95)).Epsilon.ToDoubleUp(), 1e-12);

    [Fact]
    public void No_more_bits_change_than_there_are()
    {
        Assert.Equal(3 * new RandomizedResponse(2, 2).Epsilon, new RandomizedBits(3, 2, 2).Epsilon);
        Assert.Equal(2 * new RandomizedResponse(2, 2).Epsilon, new RandomizedBits(3, 1, 2).Epsilon);
        RandomizedBits response = RandomizedBits.ForPure(10, 2, 2);
        Assert.Equal(2, response.Epsilon);
        Assert.Equal(RandomizedResponse.ForPure(2, new Rational(1, 2)).Odds, response.Bit.Odds);
        Assert.Equal(PrivacyLoss.OfPure(2), response.Loss);
    }

    // opendp/opendp PR 2708: one bit too few was drawn, and the last was told as it is. Of 200 reports at odds 2 : 1 a randomized bit is
    // never flipped, or always, with a chance below (2/3)^200 < 1e-35.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(65)]
    public void Every_bit_is_randomized_also_the_first_and_the_last(int length)
    {
        RandomizedBits response = new(length, length, 2);
        foreach (bool all in (bool[])[false, true])
        {
            bool[] truth = [.. Enumerable.Repeat(all, length)];
            bool[][] reports = [.. Enumerable.Range(0, 200).Select(_ => response.Report(truth))];
            Assert.All(reports, r => Assert.Equal(length, r.Length));
            for (int i = 0; i < length; i++)
            {
                Assert.Contains(reports, r => r[i] == all);
                Assert.Contains(reports, r => r[i] != all);
            }
        }
    }

    // opendp/opendp#2930: a report as long as the input tells its length.
    [Fact]
    public void A_vector_of_another_length_is_refused()
    {
        RandomizedBits response = new(8, 2, 2);
        Assert.Equal("truth", Assert.Throws<ArgumentException>(() => response.Report(new bool[7])).ParamName);
        Assert.Equal("truth", Assert.Throws<ArgumentException>(() => response.Report(new bool[9])).ParamName);
    }

    // With the same bits, a vector of too many ones is reported as its first maxWeight ones: no more bits can change than are charged.
    [Fact]
    public void Ones_beyond_the_greatest_weight_are_zeros()
    {
        RandomizedBits response = new(6, 2, 2);
        bool[] surplus = response.Report([true, false, true, true, true, true], new RepeatableBits(9));
        Assert.Equal(response.Report([true, false, true, false, false, false], new RepeatableBits(9)), surplus);
    }

    // 50,000 reports: 6.5 standard deviations, a chance below 1e-10.
    [Fact]
    public void The_number_with_a_bit_is_estimated()
    {
        const int respondents = 50_000;
        RandomizedBits response = new(3, 1, 3);
        int reports = Enumerable.Range(0, respondents).Count(i => response.Report([false, i % 5 == 0, i % 5 != 0])[1]);
        double deviation = Math.Sqrt(respondents * 0.25 * 0.75) / 0.5;
        Assert.InRange(response.Bit.Estimate(reports, respondents), 10_000 - (6.5 * deviation), 10_000 + (6.5 * deviation));
        Assert.NotInRange(reports, 10_000 - (6.5 * deviation), 10_000 + (6.5 * deviation)); // the twin that counts the reports
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        Assert.Equal("length", Name(() => new RandomizedBits(0, 1, 2)));
        Assert.Equal("maxWeight", Name(() => new RandomizedBits(8, 9, 2)));
        Assert.Equal("maxWeight", Name(() => RandomizedBits.ForPure(8, 0, 2)));
        Assert.Equal("odds", Name(() => new RandomizedBits(8, 1, 1)));
        Assert.Equal("odds", Name(() => new RandomizedBits(int.MaxValue, int.MaxValue, System.Numerics.BigInteger.One << 64)));
        Assert.Equal("epsilon", Name(() => RandomizedBits.ForPure(8, 1, 0)));
        Assert.Equal("epsilon", Name(() => RandomizedBits.ForPure(int.MaxValue, int.MaxValue, new Rational(1, 1000))));
    }
}
