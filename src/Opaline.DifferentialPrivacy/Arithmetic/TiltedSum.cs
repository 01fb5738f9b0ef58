using System.Collections.Immutable;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The law of a sum of independent lattice variables, by one Fourier transform, with a bound of every error. The laws are tilted first (F.
/// Esscher, 1932): q(x) ∝ p(x)·e^(θx), so that the sum's tilted law has its mean where the tail begins that is asked for. Undoing the tilt
/// multiplies the error of the transform by the tail's own Chernoff bound: tails of 1e-200 keep their digits, where a plain transform has
/// none below 1e-16.
/// </summary>
/// <remarks>
/// The window of the cyclic transform holds all of the tilted law but e^-40 on each side, by Chernoff's bound. What lies outside is wrapped
/// into it, which only adds mass, and where it should have counted it is bounded by e^-40 times the Chernoff bound of the tail.
/// </remarks>
internal sealed class TiltedSum
{
    private const double Outside = 40;
    private const double GreatestTilt = 64;
    private const int MostLevels = 22;
    private const int MostSteps = 60;

    private readonly ImmutableArray<(LatticeLaw Law, int Count)> _terms;
    private readonly long _last;
    private readonly double _tilt;
    private readonly double _log;
    private readonly double _logSize;
    private readonly long _start;
    private readonly double[] _cells;
    private readonly double _relativeError;
    private readonly double _l2Error;

    /// <summary>The sum of <c>Count</c> independent copies of each law, good for tails from <paramref name="tailIndex"/> on.</summary>
    /// <exception cref="InvalidOperationException">The sum spreads over more than 2^22 cells.</exception>
    public TiltedSum(ImmutableArray<(LatticeLaw Law, int Count)> terms, double tailIndex)
    {
        _terms = terms;
        _last = terms.Aggregate(0L, (sum, term) => checked(sum + (term.Law.Last * term.Count)));
        _tilt = Tilt(tailIndex);
        double[] logs = [.. terms.Select(term => term.Law.Log(_tilt))];
        _log = logs.Zip(terms, (log, term) => log * term.Count).Sum();
        _logSize = logs.Zip(terms, (log, term) => Math.Abs(log) * term.Count).Sum();
        (_start, long end) = Window();
        int levels = Math.Max(1, 64 - (int)long.LeadingZeroCount(end - _start));
        if (levels > MostLevels)
            throw new InvalidOperationException("The sum spreads over more than 2^22 cells of its grid: use a wider step.");
        FourierTransform transform = new(1 << levels);
        _cells = Transform(transform, logs, out _relativeError, out _l2Error);
    }

    /// <summary>
    /// An upper bound of Σ p(x)·weight(x) over the indices from <paramref name="from"/> on, for weights in [0, 1].
    /// </summary>
    public double Tail(long from, Func<long, double> weight)
    {
        if (from > _last)
            return 0;
        long end = _start + _cells.Length;
        double sum = 0;
        double squares = 0;
        double ratio = Math.Exp(-_tilt);
        double factor = Math.Exp(-_tilt * (Math.Max(from, _start) - from));
        for (long index = Math.Max(from, _start); index < end; index++, factor *= ratio)
        {
            double tilted = weight(index) * factor;
            squares += tilted * tilted;
            sum += tilted * Math.Max(0, _cells[(int)(index & (_cells.Length - 1))]);
            if (_tilt * (index - from) > Outside)
            {
                squares += (end - index) * Math.Exp(-2 * Outside);
                sum += Math.Exp(-Outside); // what is left has a mass of at most 1
                break;
            }
        }
        double bound = (sum * (1 + RoundUp.Slack + (4 * RoundUp.Unit * _cells.Length))) // the factors of the weights lose four units a step
            + (Math.Sqrt(squares) * _l2Error * (1 + RoundUp.Slack))
            + (2 * Math.Exp(-Outside));
        double exponent = _log - (_tilt * from);
        double exponentError = 16 * RoundUp.Unit * (_logSize + Math.Abs(_tilt * from) + 1);
        return Math.Min(1, RoundUp.Loosen(Math.Exp(exponent + exponentError + _relativeError + Math.Log(bound))));
    }

    /// <summary>The mean and the variance of the sum of tilted laws.</summary>
    public static (double Mean, double Variance) Moments(ImmutableArray<(LatticeLaw Law, int Count)> terms, double tilt)
    {
        (double mean, double variance) = (0, 0);
        foreach ((LatticeLaw law, int count) in terms)
        {
            (double first, double second) = law.Moments(tilt);
            (mean, variance) = (mean + (count * first), variance + (count * second));
        }
        return (mean, variance);
    }

    private static double Weight(ImmutableArray<(LatticeLaw Law, int Count)> terms, Func<LatticeLaw, double> value)
    {
        double sum = 0;
        foreach ((LatticeLaw law, int count) in terms)
            sum += count * value(law);
        return sum;
    }

    // The tilt, at least 0, at which the sum's mean is the tail's begin: where Chernoff's bound is least. Any tilt is valid.
    private double Tilt(double tailIndex)
    {
        (double mean, double variance) = Moments(_terms, 0);
        tailIndex = Math.Min(tailIndex, mean + (0.999 * (_last - mean))); // at the end itself the tilt is infinite
        if (mean >= tailIndex || variance == 0)
            return 0;
        double low = 0;
        double high = Math.Min(GreatestTilt, (tailIndex - mean) / variance); // where it is, were the sum normal
        for (int step = 0; step < MostSteps; step++)
        {
            (double tilted, double spread) = Moments(_terms, high);
            double over = tilted - tailIndex;
            if (over < 0 && high < GreatestTilt)
                (low, high) = (high, high * 2);
            else if (over > 0.1 * Math.Sqrt(spread))
                high = (low + high) / 2;
            else
                break;
        }
        return high;
    }

    // From Chernoff: P(X ≥ x) ≤ e^(K(θ + t) − K(θ) − t·x) is e^-40 at x = (K(θ + t) − K(θ) + 40)/t, for every t; the least such x is looked
    // for roughly.
    private (long Start, long End) Window()
    {
        double deviation = Math.Sqrt(Moments(_terms, _tilt).Variance);
        double middle = deviation > 0 ? Math.Log(Math.Sqrt(2 * Outside) / deviation) : 0;
        double high = Roughly(middle, t => (Weight(_terms, law => law.Log(_tilt + t)) - _log + Outside) / t);
        double low = -Roughly(middle, t => (Weight(_terms, law => law.Log(_tilt - t)) - _log + Outside) / t);
        long start = (long)Math.Floor(Math.Max(low, Weight(_terms, law => law.First)));
        long end = (long)Math.Ceiling(Math.Min(high, _last)) + 1;
        return (start, Math.Max(end, start + 1));
    }

    private static double Roughly(double middle, Func<double, double> bound) =>
        GoldenSection.Least(middle - 3, middle + 3, 0.02, logT => bound(Math.Exp(logT)));

    // Each factor errs by 8u·log2 N·√N·‖q‖ in L2, and no value of a transform is above 1, so the errors of a product add; raising to a
    // power of n by squaring loses another 4u·n of the result, whose norm is below that of each factor; then the way back. (That tilted
    // masses add up to 1 only within 1e-10 is far inside the room of these bounds.)
    private double[] Transform(FourierTransform transform, double[] logs, out double relativeError, out double l2Error)
    {
        int length = 1 << transform.Levels;
        double[] productReal = new double[length];
        double[] productImaginary = new double[length];
        Array.Fill(productReal, 1);
        double perTransform = FourierTransform.ErrorPerLevel * transform.Levels;
        (double copies, double errors, double leastNorm) = (0, 0, double.PositiveInfinity);
        relativeError = 0;
        foreach ((int place, (LatticeLaw law, int count)) in _terms.Index())
        {
            double[] real = new double[length];
            double[] imaginary = new double[length];
            relativeError += count * law.Tilted(_tilt, logs[place], real);
            double norm = Norm(real);
            leastNorm = Math.Min(leastNorm, norm);
            copies += count;
            errors += count * perTransform * norm;
            transform.Forward(real, imaginary);
            MultiplyByPower(productReal, productImaginary, real, imaginary, count);
        }
        transform.Backward(productReal, productImaginary);
        double growth = Math.Exp(errors * Math.Sqrt(length));
        l2Error = growth * (errors + (((4 * RoundUp.Unit * copies) + perTransform) * leastNorm)) * (1 + RoundUp.Slack);
        return productReal;
    }

    private static double Norm(double[] values)
    {
        double squares = 0;
        foreach (double value in values)
            squares += value * value;
        return Math.Sqrt(squares) * (1 + RoundUp.Slack);
    }

    private static void MultiplyByPower(double[] productReal, double[] productImaginary, double[] real, double[] imaginary, int power)
    {
        for (int k = 0; k < real.Length; k++)
        {
            (double x, double y) = (productReal[k], productImaginary[k]);
            (double baseX, double baseY) = (real[k], imaginary[k]);
            for (int left = power; ; left >>= 1)
            {
                if ((left & 1) == 1)
                    (x, y) = ((x * baseX) - (y * baseY), (x * baseY) + (y * baseX));
                if (left <= 1)
                    break;
                (baseX, baseY) = ((baseX - baseY) * (baseX + baseY), 2 * baseX * baseY);
            }
            (productReal[k], productImaginary[k]) = (x, y);
        }
    }
}
