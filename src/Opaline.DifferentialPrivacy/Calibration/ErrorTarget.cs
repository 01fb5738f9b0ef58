namespace Opaline.DifferentialPrivacy;

/// <summary>
/// From a wanted error to the least loss that reaches it. More loss means less noise, so the least is found by bisection.
/// </summary>
internal static class ErrorTarget
{
    private const long GreatestNanoRho = 1_000_000_000_000_000_000;

    /// <param name="noise">The noise of a loss, or null where it would be too wide to draw.</param>
    /// <param name="absoluteError">The wanted half-width.</param>
    /// <param name="confidence">The chance with which it is to hold.</param>
    public static NanoRho LeastRho(Func<NanoRho, IDiscreteNoise?> noise, long absoluteError, double confidence)
    {
        double alpha = Alpha(absoluteError, confidence);
        bool Reaches(long nanoRho) =>
            nanoRho > GreatestNanoRho || 2 * (noise(new NanoRho(nanoRho))?.UpperTail(absoluteError + 1) ?? 1) <= alpha;
        long least = TailSearch.Least(1, Reaches);
        return least <= GreatestNanoRho
            ? new NanoRho(least)
            : throw new ArgumentOutOfRangeException(
                nameof(absoluteError), absoluteError, "No loss of up to 10^9 ρ reaches this error: ask for a wider one.");
    }

    /// <param name="noise">The noise of a scale, or null where it would be too wide to draw.</param>
    /// <param name="absoluteError">The wanted half-width.</param>
    /// <param name="confidence">The chance with which it is to hold.</param>
    public static Rational GreatestScale(Func<Rational, IDiscreteNoise?> noise, long absoluteError, double confidence)
    {
        double alpha = Alpha(absoluteError, confidence);
        return ScaleGrid.Greatest(scale => noise(scale) is { } drawn && 2 * drawn.UpperTail(absoluteError + 1) <= alpha)
            ?? throw new ArgumentOutOfRangeException(
                nameof(confidence), confidence, "No noise of a scale from 2^-60 on reaches this error.");
    }

    private static double Alpha(long absoluteError, double confidence)
    {
        double alpha = Domain.AlphaOf(confidence);
        if (absoluteError is < 0 or > 1L << 62)
            throw new ArgumentOutOfRangeException(nameof(absoluteError), absoluteError, "absoluteError must be in [0, 2^62].");
        return alpha;
    }
}
