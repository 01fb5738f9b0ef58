using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Opaline.DifferentialPrivacy;

namespace Opaline.Benchmarks.DifferentialPrivacy;

/// <summary>Time and allocation of one draw, in bulk, beside a naive exact implementation that draws one at a time.</summary>
[MemoryDiagnoser]
[MinColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory, BenchmarkLogicalGroupRule.ByParams)]
[CategoriesColumn]
public class SamplerBenchmarks
{
    private const int Draws = 1 << 13;

    private readonly long[] _draws = new long[Draws];
    private DiscreteLaplace _laplace = null!;
    private DiscreteGaussian _gaussian = null!;

    /// <summary>The Laplace scale s, and the σ of the Gaussian.</summary>
    [Params(1L, 10L, 1_000L, 1_000_000_000L)]
    public long Scale { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _laplace = new DiscreteLaplace(Scale);
        _gaussian = new DiscreteGaussian((Rational)Scale * Scale);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Draws)]
    [BenchmarkCategory("Laplace")]
    public void NaiveLaplace()
    {
        foreach (ref long draw in _draws.AsSpan())
            draw = (long)NaiveExact.Laplace(Scale);
    }

    [Benchmark(OperationsPerInvoke = Draws)]
    [BenchmarkCategory("Laplace")]
    public void Laplace() => _laplace.Fill(_draws);

    [Benchmark(Baseline = true, OperationsPerInvoke = Draws)]
    [BenchmarkCategory("Gaussian")]
    public void NaiveGaussian()
    {
        foreach (ref long draw in _draws.AsSpan())
            draw = (long)NaiveExact.Gaussian((Rational)Scale * Scale, Scale + 1);
    }

    [Benchmark(OperationsPerInvoke = Draws)]
    [BenchmarkCategory("Gaussian")]
    public void Gaussian() => _gaussian.Fill(_draws);
}
