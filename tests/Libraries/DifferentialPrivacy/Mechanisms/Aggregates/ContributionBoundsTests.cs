using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Aggregates;

public class ContributionBoundsTests
{
    [Fact]
    public void Sensitivities_grow_with_rows_and_with_groups()
    {
        ContributionBounds bounds = new(3, 2);
        Assert.Equal(3 * 2 * 10, bounds.L1(10));
        Assert.Equal(3 * 20 * 20, bounds.SquaredL2(10));
        Assert.Equal(1, ContributionBounds.OneRow.L1(1));
        Assert.Equal(1, ContributionBounds.OneRow.SquaredL2(1));
    }

    [Fact]
    public void Sensitivities_do_not_overflow()
    {
        ContributionBounds bounds = new(int.MaxValue, int.MaxValue);
        BigInteger most = int.MaxValue;
        Assert.Equal(most * most * long.MaxValue, bounds.L1(long.MaxValue));
        Assert.Equal(most * most * most * long.MaxValue * long.MaxValue, bounds.SquaredL2(long.MaxValue));
    }

    [Theory]
    [InlineData(0, 1, "maxPartitions")]
    [InlineData(1, 0, "maxRowsPerPartition")]
    [InlineData(-1, 1, "maxPartitions")]
    public void A_bound_below_one_is_refused(int partitions, int rows, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new ContributionBounds(partitions, rows)).ParamName);
}
