using Opaline.DifferentialPrivacy;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Counts and bounded sums: an exact integer and noise. The first twin releases statistics that differ by the file's factor times the
/// sensitivity, rounded up; the second one replaces a sample now and then by one that gives the data set away.
/// </summary>
/// <param name="target">What is promised.</param>
/// <param name="noise">The noise of the mechanism.</param>
/// <param name="statistic">The exact statistic of the data set.</param>
/// <param name="neighbour">That of its neighbour.</param>
/// <param name="sensitivity">The greatest distance that the noise is made for.</param>
/// <param name="granularityBits">A multiple of the granularity is 2 to this power.</param>
internal sealed class AdditiveTrial(
    DpTarget target, IDiscreteNoise noise, long statistic, long neighbour, double sensitivity, int granularityBits) : ITrial
{
    public IReadOnlyList<Claim> Claims => DpTarget.Claims;

    public bool[] Vote()
    {
        using Buffers buffers = new(target.Samples);
        Span<long> left = buffers.Filled(noise);
        Span<long> right = buffers.Filled(noise);
        Span<long> discreteLeft = buffers.Empty();
        Span<long> discreteRight = buffers.Empty();
        Discretize(left, statistic, discreteLeft);
        Discretize(right, neighbour, discreteRight);
        bool accepted = target.Accepts(discreteLeft, discreteRight);
        Discretize(right, statistic + (long)Math.Ceiling(target.Distance * sensitivity), discreteRight);
        bool far = target.Accepts(discreteLeft, discreteRight);
        Discretize(right, statistic, discreteRight);
        new Coins().Fail(discreteLeft, discreteRight, target.FailureChance);
        return [accepted, far, target.Accepts(discreteLeft, discreteRight)];
    }

    private void Discretize(ReadOnlySpan<long> noise, long exact, Span<long> samples)
    {
        long half = granularityBits == 0 ? 0 : 1L << (granularityBits - 1);
        for (int i = 0; i < noise.Length; i++)
            samples[i] = (exact + noise[i] + half) >> granularityBits;
    }
}
