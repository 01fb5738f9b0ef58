using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.PartitionSelection;

public class MinimumFrequencyTests
{
    public static TheoryData<IPartitionSelection> Selections =>
    [
        new TruncatedGeometric(0.5, 0.02, 1), GaussianThreshold.For(4, 1, 0.02), DiscreteLaplaceThreshold.For(2, 1, 1, 0.02),
    ];

    // google/differential-privacy:common_docs/pre_thresholding.md: n < m is dropped, else n − (m − 1) is chosen.
    [Theory]
    [MemberData(nameof(Selections))]
    public void Chances_are_those_of_the_selection_beneath_moved_by_the_floor(IPartitionSelection selection)
    {
        MinimumFrequency floor = new(selection, 10);
        for (int n = 0; n < 10; n++)
            Assert.Equal(0, floor.KeepProbability(n));
        for (int n = 10; n < 40; n++)
            Assert.Equal(selection.KeepProbability(n - 9), floor.KeepProbability(n));
        Assert.Equal(selection.Loss, floor.Loss);
        for (int n = 0; n < 30; n++)
            Assert.Equal(selection.KeepProbability(n), new MinimumFrequency(selection, 1).KeepProbability(n));
    }

    [Theory]
    [MemberData(nameof(Selections))]
    public void No_key_below_the_floor_is_ever_told(IPartitionSelection selection)
    {
        MinimumFrequency floor = new(selection, 50);
        Assert.All(Enumerable.Range(0, 50), n => Assert.False(floor.Keeps(n)));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(floor.Keeps(100 + 1000)));
    }

    // What keeps the loss: the floor changes no difference to a greater one, and leaves the empty key empty. The twin that drops without
    // moving, which many systems have, tells a key of m units with the chance of m units, and that of m − 1 never.
    [Fact]
    public void Neighbouring_chances_differ_no_more_than_delta_allows_at_the_floor()
    {
        TruncatedGeometric selection = new(0.5, 0.02, 1);
        Gen.Long[1, 1000].Sample(m =>
        {
            MinimumFrequency floor = new(selection, m);
            Assert.InRange(floor.KeepProbability(m) - floor.KeepProbability(m - 1), 0, 0.02);
        });
        double twin = selection.KeepProbability(6);
        Assert.True(twin > 0.02);
    }

    [Fact]
    public void Floors_stack()
    {
        MinimumFrequency floor = new(new MinimumFrequency(new TruncatedGeometric(0.5, 0.02, 1), 4), 3);
        Assert.Equal(0, floor.KeepProbability(5));
        Assert.Equal(0.02, floor.KeepProbability(6), 1e-12);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        TruncatedGeometric selection = new(0.5, 0.02, 1);
        Assert.Equal("leastUnits", Assert.Throws<ArgumentOutOfRangeException>(() => new MinimumFrequency(selection, 0)).ParamName);
        MinimumFrequency floor = new(selection, 5);
        Assert.Equal("units", Assert.Throws<ArgumentOutOfRangeException>(() => floor.Keeps(-1)).ParamName);
        Assert.Equal("units", Assert.Throws<ArgumentOutOfRangeException>(() => floor.KeepProbability(long.MinValue)).ParamName);
        Assert.Throws<ArgumentNullException>(() => new MinimumFrequency(null!, 1));
    }
}
