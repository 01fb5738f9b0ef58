using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting;

/// <summary>
/// How many queries with a standard deviation of at most 20 fit under (ε, 1e-6): the table of section 6 of the reference, [calc]. Its
/// column of zCDP is tested in <see cref="ZcdpTests"/>.
/// </summary>
public class CapacityTests
{
    private const double Delta = 1e-6;

    [Theory]
    [InlineData(1, 22)]
    [InlineData(3, 167)]
    [InlineData(5, 416)]
    [InlineData(10, 1366)]
    public void Exact_account_of_Gaussians_carries_the_published_number(double epsilon, int queries)
    {
        Assert.True(GaussianDp.DeltaFor(new Rational(queries, 400), epsilon) <= Delta);
        Assert.True(GaussianDp.DeltaFor(new Rational(queries + 1, 400), epsilon) > Delta);
        PrivacyLossDistribution one = PrivacyLossDistribution.OfGaussian(new Rational(1, 400), LossGrid.Standard);
        Assert.True(one.Times(queries).DeltaFor(epsilon) <= Delta);
        Assert.True(one.Times(queries + 1).DeltaFor(epsilon) > Delta);
    }

    // The noise that is drawn is discrete; at σ = 20 it carries as many.
    [Theory]
    [InlineData(1, 22)]
    [InlineData(5, 416)]
    public void Exact_account_of_discrete_Gaussians_carries_as_many(double epsilon, int queries)
    {
        PrivacyLossDistribution one = PrivacyLossDistribution.OfDiscreteGaussian(1, 400, LossGrid.Standard);
        Assert.True(one.Times(queries).DeltaFor(epsilon) <= Delta);
        Assert.True(one.Times(queries + 1).DeltaFor(epsilon) > Delta);
    }

    // sd = √2·s, so s² = 200 and each costs ε = 1/√200: pure losses add.
    [Theory]
    [InlineData(1, 14)]
    [InlineData(3, 42)]
    [InlineData(5, 70)]
    [InlineData(10, 141)]
    public void Basic_composition_of_Laplace_noise_carries_the_published_number(int epsilon, int queries)
    {
        Rational Each(int count) => LaplaceScale.ForPure(1, new Rational(epsilon, count));
        Assert.True(Each(queries) * Each(queries) <= 200);
        Assert.True(Each(queries + 1) * Each(queries + 1) > 200);
        ApproximateDp each = new(new Rational(epsilon, queries), AttoDelta.Zero);
        Assert.Equal(new Rational(epsilon, 1), Enumerable.Repeat(each, queries).Aggregate((left, right) => left + right).Epsilon);
    }

    // k queries get (ε/k, δ/k) each.
    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 13)]
    [InlineData(5, 22)]
    [InlineData(10, 43)]
    public void Basic_composition_of_Gaussian_noise_carries_the_published_number(double epsilon, int queries)
    {
        Assert.True(AnalyticGaussian.For(1, epsilon / queries, Delta / queries) <= 400);
        Assert.True(AnalyticGaussian.For(1, epsilon / (queries + 1), Delta / (queries + 1)) > 400);
    }
}
