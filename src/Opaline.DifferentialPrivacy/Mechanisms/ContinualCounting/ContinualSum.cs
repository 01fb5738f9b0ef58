using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// One stream of a continual counting: a running sum told after every public step. A step without data is a step: add 0, or when it
/// happened tells something. It holds the exact sum, and is as secret as the data; it serves one thread at a time.
/// </summary>
public sealed class ContinualSum
{
    private readonly Func<BigInteger> _noise;
    private readonly long _steps;
    private BigInteger _sum;

    internal ContinualSum(long steps, Func<BigInteger> noise)
    {
        _steps = steps;
        _noise = noise;
    }

    /// <summary>The steps taken.</summary>
    public long Step { get; private set; }

    /// <summary>Takes a step and tells the noisy sum of all steps so far.</summary>
    /// <param name="value">What the step adds, an integer of any size.</param>
    /// <exception cref="InvalidOperationException">All steps are taken: a longer stream is a new one, with a loss of its own.</exception>
    public BigInteger Next(BigInteger value)
    {
        if (Step == _steps)
            throw new InvalidOperationException("All steps of this stream are taken: start another one, which is charged anew.");
        BigInteger noise = _noise();
        Step++;
        _sum += value;
        return _sum + noise;
    }
}
