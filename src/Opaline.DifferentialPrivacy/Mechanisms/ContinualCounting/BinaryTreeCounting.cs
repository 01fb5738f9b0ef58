using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A running sum told after every step, by the binary tree: the first t steps are at most one block of each power of two, and each block
/// gets noise once.
/// <list type="bullet">
/// <item>Input domain: one integer for each public step, of any size; later ones may depend on sums already told.</item>
/// <item>Sensitivity: neighbours differ in one step (event level), by at most Δ. A step lies in one block of each of ⌊log2 n⌋ + 1
/// levels.</item>
/// <item>Privacy loss: ρ-zCDP with ρ = levels·Δ²/(2σ²) for all n sums together: each step tells one new block, and the rest is computed
/// from what was told.</item>
/// <item>Source: Dwork, Naor, Pitassi, Rothblum, Differential privacy under continual observation (STOC 2010), and Chan, Shi, Song, Private
/// and continual release of statistics (2011), with discrete Gaussian noise. ⌊log2 n⌋ levels and one: blocks that would end behind n are
/// never needed.</item>
/// </list>
/// Everything is an exact integer; a stream keeps one number for each level.
/// </summary>
public sealed class BinaryTreeCounting
{
    private readonly DiscreteGaussian _noise;

    /// <summary>Counting with a given noise on each block.</summary>
    /// <param name="steps">n, in [1, 2^62].</param>
    /// <param name="sensitivity">Δ, above 0.</param>
    /// <param name="sigmaSquared">σ², in (0, 2^112].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the loss is above 9.2·10^9 ρ.</exception>
    public BinaryTreeCounting(long steps, BigInteger sensitivity, Rational sigmaSquared)
    {
        Levels = LevelsOf(steps);
        Domain.Positive(sensitivity);
        _noise = new DiscreteGaussian(sigmaSquared);
        Steps = steps;
        Loss = AdditiveNoise.Gaussian(Levels * sensitivity * sensitivity, sigmaSquared, nameof(sensitivity)).Loss;
    }

    /// <summary>n: how many sums a stream tells.</summary>
    public long Steps { get; }

    /// <summary>⌊log2 n⌋ + 1: how many blocks a step lies in.</summary>
    public int Levels { get; }

    /// <summary>σ² of the noise on each block.</summary>
    public Rational SigmaSquared => _noise.SigmaSquared;

    /// <summary>The loss of a whole stream, charged when it starts.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The counting of a given loss.</summary>
    /// <param name="steps">n, in [1, 2^62].</param>
    /// <param name="sensitivity">Δ, above 0.</param>
    /// <param name="rho">The loss of a whole stream, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the noise would be too wide to
    /// draw.</exception>
    public static BinaryTreeCounting For(long steps, BigInteger sensitivity, NanoRho rho)
    {
        int levels = LevelsOf(steps);
        Domain.Positive(sensitivity);
        Domain.Positive(rho);
        Rational sigmaSquared = GaussianScale.For(levels * sensitivity * sensitivity, rho);
        Domain.Drawable(DiscreteGaussian.IfDrawable(sigmaSquared), sensitivity);
        return new BinaryTreeCounting(steps, sensitivity, sigmaSquared);
    }

    /// <summary>A new stream. Each costs the <see cref="Loss"/>.</summary>
    public ContinualSum Start() => Start(CryptographicBits.OfThread);

    /// <summary>An upper bound of the variance of the sum told after a step: σ² for each block that makes up its t steps.</summary>
    /// <param name="step">t, in [1, n].</param>
    /// <exception cref="ArgumentOutOfRangeException">The step lies outside [1, n].</exception>
    public Rational Variance(long step) => BlocksOf(step) * SigmaSquared;

    /// <summary>The half-width of the interval around the sum told after a step that holds with the given confidence.</summary>
    /// <param name="step">t, in [1, n].</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public long MarginOfError(long step, double confidence)
    {
        int blocks = BlocksOf(step);
        return DiscreteGaussianSum.HalfWidth(_noise, blocks, Domain.AlphaOf(confidence));
    }

    internal ContinualSum Start(IBitSource bits) => new(Steps, new BinaryTreeNoise(_noise, Levels, bits).Next);

    private int BlocksOf(long step)
    {
        Domain.Within(step, 1, Steps);
        return BitOperations.PopCount((ulong)step);
    }

    private static int LevelsOf(long steps)
    {
        Domain.Within(steps, 1, 1L << 62);
        return BitOperations.Log2((ulong)steps) + 1;
    }
}
