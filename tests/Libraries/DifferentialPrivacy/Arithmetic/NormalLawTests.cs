using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Arithmetic;

public class NormalLawTests
{
    // [calc] with 60 digits: z, (1 − Φ)/φ, 1 − z·(1 − Φ)/φ, 1 − Φ.
    [Theory]
    [InlineData(-5.0, 672621.636722879252, 3363109.18361439626, 0.999999713348428121)]
    [InlineData(-1.0, 3.47705181170369447, 4.47705181170369447, 0.841344746068542949)]
    [InlineData(0.0, 1.25331413731550025, 1.0, 0.5)]
    [InlineData(0.5, 0.876364456453692347, 0.561817771773153827, 0.308537538725986896)]
    [InlineData(1.4999, 0.515838266754266105, 0.226294183695276263, 0.0668201539998336035)]
    [InlineData(1.5, 0.515815638217963355, 0.226276542673054967, 0.066807201268858066)]
    [InlineData(1.5001, 0.515793011445668849, 0.226258903530352166, 0.0667942504806464623)]
    [InlineData(3.0, 0.304590298710103296, 0.0862291038696901128, 0.00134989803163009453)]
    [InlineData(8.0, 0.123131963257932296, 0.0149442939365416297, 6.22096057427178412e-16)]
    [InlineData(20.0, 0.0498759259818367837, 0.00248148036326432684, 2.7536241186062337e-89)]
    [InlineData(37.0, 0.0270073279651283361, 0.000728865290251565655, 5.72557122252457682e-300)]
    public void Ratio_slope_and_tail_stay_within_their_error(double z, double ratio, double slope, double upper)
    {
        Assert.Equal(ratio, NormalLaw.MillsRatio(z), ratio * Math.ScaleB(1, -46));
        Assert.Equal(slope, NormalLaw.Slope(z), slope * Math.ScaleB(1, -46));
        Assert.Equal(upper, NormalLaw.Upper(z), upper * Math.ScaleB(1, -44));
    }

    [Fact]
    public void Quadrature_is_exact_for_polynomials_of_degree_fifteen()
    {
        double sum = 0;
        foreach ((double node, double weight) in GaussLegendre.Nodes(1, 2))
            sum += weight * Math.Pow(node, 15);
        Assert.Equal((Math.Pow(3, 16) - 1) / 16, sum, 1e-8);
    }
}
