using BenchmarkDotNet.Attributes;
using Opaline.DifferentialPrivacy;

namespace Opaline.Benchmarks.DifferentialPrivacy;

/// <summary>
/// The account of 10,000 Gaussians with σ = 100 by their loss distribution, from the first mass to ε at δ = 1e-6: 4.88655 in closed form.
/// </summary>
[MemoryDiagnoser]
public class BatchAccountBenchmarks
{
    [Params(1e-3, 1e-4)]
    public double Step { get; set; }

    [Benchmark]
    public double Epsilon() => Batch().EpsilonFor(1e-6);

    [Benchmark]
    public double Delta() => Batch().DeltaFor(4.88655411746);

    private PrivacyLossDistribution Batch() =>
        PrivacyLossDistribution.OfGaussian(new Rational(1, 10_000), new LossGrid(Step, LossRounding.ConnectTheDots)).Times(10_000);
}
