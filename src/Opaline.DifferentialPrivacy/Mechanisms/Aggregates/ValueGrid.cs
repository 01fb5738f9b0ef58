namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A public grid of integers for the values of a measure: index q stands for the value q·step, and values beyond the bounds count as the
/// bound. All that a mechanism does with a value it does with its index. How a value is rounded to an index does not matter for privacy,
/// since each row is rounded alone and every index lies within the bounds; so doubles may do it.
/// </summary>
public sealed class ValueGrid
{
    /// <summary>The greatest magnitude of an index, 2^53: up to it every index is a double.</summary>
    public const long Greatest = 1L << 53;

    private readonly double _step;

    /// <summary>The grid of the indices lower … upper.</summary>
    /// <param name="lower">The least index, from −2^53.</param>
    /// <param name="upper">The greatest index, up to 2^53, above the least.</param>
    /// <param name="step">The distance of two neighbouring values, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public ValueGrid(long lower, long upper, Rational step)
    {
        if (lower is < -Greatest or >= Greatest)
            throw new ArgumentOutOfRangeException(nameof(lower), lower, "lower must be in [-2^53, 2^53).");
        if (upper <= lower || upper > Greatest)
            throw new ArgumentOutOfRangeException(nameof(upper), upper, "upper must be above lower and at most 2^53.");
        Domain.Positive(step);
        Lower = lower;
        Upper = upper;
        Step = step;
        _step = step.ToDoubleUp();
        Domain.Positive(_step, nameof(step)); // a double of it exists
    }

    /// <summary>The least index.</summary>
    public long Lower { get; }

    /// <summary>The greatest index.</summary>
    public long Upper { get; }

    /// <summary>The distance of two neighbouring values.</summary>
    public Rational Step { get; }

    /// <summary>The greatest distance of two indices.</summary>
    internal long Width => Upper - Lower;

    /// <summary>The least grid that holds all values from lower to upper.</summary>
    /// <param name="lower">The lower bound of the values.</param>
    /// <param name="upper">The upper bound of the values, above the lower one.</param>
    /// <param name="step">The distance of two neighbouring values, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not finite or lies outside its range, or an index would be beyond
    /// ±2^53.</exception>
    public static ValueGrid Covering(double lower, double upper, Rational step)
    {
        Domain.Finite(lower);
        Domain.Finite(upper);
        if (upper <= lower)
            throw new ArgumentOutOfRangeException(nameof(upper), upper, "upper must be above lower.");
        Domain.Positive(step);
        Rational least = Rational.FromDouble(lower) / step;
        Rational greatest = Rational.FromDouble(upper) / step;
        if (least < -Greatest || greatest > Greatest)
            throw new ArgumentOutOfRangeException(nameof(step), step, "step is too small for the bounds: an index would be beyond 2^53.");
        return new ValueGrid((long)least.Floor(), (long)greatest.Ceiling(), step);
    }

    /// <summary>The index of a value: of the nearest one on the grid, within the bounds. Not a number counts as the lower bound.</summary>
    public long Index(double value)
    {
        double scaled = Math.Round(value / _step);
        if (scaled >= Upper)
            return Upper;
        return scaled > Lower ? (long)scaled : Lower; // NaN compares with nothing
    }

    /// <summary>An index within the bounds.</summary>
    public long Clamp(long index) => Math.Clamp(index, Lower, Upper);

    /// <summary>The value of an index, or of a number between two indices.</summary>
    public double Value(double index) => index * _step;

    /// <summary>
    /// How far an index lies from the middle of the bounds, in halves of a step, where the middle is an integer: within
    /// ±<see cref="Width"/>.
    /// </summary>
    internal long Centred(long index) => (2 * index) - (Lower + Upper);

    /// <summary>The value that lies <paramref name="centred"/> halves of a step from the middle.</summary>
    internal double ValueOfCentred(double centred) => ((Lower + Upper) + centred) / 2 * _step;
}
