using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Aggregates;

public class ValueGridTests
{
    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.49, 1)]
    [InlineData(-1.51, -2)]
    [InlineData(1e300, 100)]
    [InlineData(-1e300, -50)]
    [InlineData(double.MaxValue, 100)]
    [InlineData(double.PositiveInfinity, 100)]
    [InlineData(double.NegativeInfinity, -50)]
    [InlineData(double.NaN, -50)]
    public void Values_become_the_nearest_index_within_the_bounds(double value, long index) =>
        Assert.Equal(index, new ValueGrid(-50, 100, 1).Index(value));

    [Fact]
    public void Every_double_has_an_index_within_the_bounds() =>
        Gen.Double.Sample(value =>
        {
            ValueGrid widest = new(-ValueGrid.Greatest, ValueGrid.Greatest, new Rational(1, 1024));
            Assert.InRange(widest.Index(value), widest.Lower, widest.Upper);
            Assert.InRange(Math.Abs(widest.Centred(widest.Index(value))), 0, widest.Width);
        });

    [Fact]
    public void The_covering_grid_holds_the_bounds()
    {
        ValueGrid grid = ValueGrid.Covering(-50, 49.9, new Rational(1, 1024));
        Assert.Equal(-51200, grid.Lower);
        Assert.Equal(51098, grid.Upper); // 49.9·1024 = 51097.6
        Assert.Equal(51200 + 51098, grid.Width);
        Assert.Equal(-50, grid.Value(grid.Lower));
    }

    [Fact]
    public void Centred_indices_are_symmetric_around_the_middle()
    {
        ValueGrid grid = new(3, 8, new Rational(1, 2));
        Assert.Equal([-5, -3, -1, 1, 3, 5], Enumerable.Range(3, 6).Select(index => grid.Centred(index)));
        Assert.Equal([1.5, 4], new double[] { grid.ValueOfCentred(-5), grid.ValueOfCentred(5) });
    }

    [Fact]
    public void Bad_bounds_and_steps_are_refused()
    {
        Assert.Equal("upper", Assert.Throws<ArgumentOutOfRangeException>(() => new ValueGrid(1, 1, 1)).ParamName);
        Assert.Equal("lower", Assert.Throws<ArgumentOutOfRangeException>(() => new ValueGrid(long.MinValue, 1, 1)).ParamName);
        Assert.Equal("upper", Assert.Throws<ArgumentOutOfRangeException>(() => new ValueGrid(0, long.MaxValue, 1)).ParamName);
        Assert.Equal("step", Assert.Throws<ArgumentOutOfRangeException>(() => new ValueGrid(0, 1, 0)).ParamName);
        Assert.Equal("step", Assert.Throws<ArgumentOutOfRangeException>(() => ValueGrid.Covering(0, 1e300, 1)).ParamName);
        Assert.Equal("lower", Assert.Throws<ArgumentOutOfRangeException>(() => ValueGrid.Covering(double.NaN, 1, 1)).ParamName);
        Assert.Equal("upper", Assert.Throws<ArgumentOutOfRangeException>(() => ValueGrid.Covering(0, 1 / 0.0, 1)).ParamName);
        Assert.Equal("upper", Assert.Throws<ArgumentOutOfRangeException>(() => ValueGrid.Covering(2, 1, 1)).ParamName);
    }
}
