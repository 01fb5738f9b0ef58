using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>Reads the numbers of a measure, with their intervals, from its noisy integers. Post-processing: it costs nothing.</summary>
internal static class NoisyMeasure
{
    private const int MeanDigits = 6;
    private const int VarianceDigits = 9;

    // 2^63 of it are less than a quarter of the largest decimal.
    private const decimal UsualStep = 1_000_000_000;

    /// <summary>One value for each of the measure's columns.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="noisy">The noisy integers of each of its components.</param>
    public static IEnumerable<AnswerValue> Values(PlannedMeasure measure, BigInteger[][] noisy) => measure.Function switch
    {
        MeasureFunction.Mean => [Mean(measure, noisy[0][0], noisy[1][0])],
        MeasureFunction.Variance => [Variance(measure, x => x, noisy)],
        MeasureFunction.StandardDeviation => [Variance(measure, Math.Sqrt, noisy)],
        MeasureFunction.Quantiles => Quantiles(measure, noisy[0]),
        _ when noisy is [[{ } one]] => [Value(measure, one)],
        _ => noisy.SelectMany(component => component.Select(n => Value(measure, n))),
    };

    private static AnswerValue Value(PlannedMeasure measure, BigInteger noisy)
    {
        return AnswerValue.Around(Within(noisy, measure.Step) * measure.Step, measure.HalfWidth!.Value * measure.Step);
    }

    // Only a grid that no real measure has can leave the range of decimals; even that must not become an error. Of a usual step 64 bits cannot.
    private static decimal Within(BigInteger noisy, decimal step)
    {
        if (step <= UsualStep && noisy >= long.MinValue && noisy <= long.MaxValue)
            return (long)noisy;
        BigInteger most = (BigInteger)(decimal.MaxValue / 4 / decimal.Max(1, step));
        return (decimal)BigInteger.Clamp(noisy, -most, most);
    }

    // The middle plus centred sum / count, inside the public bounds; the sum is one of doubled steps.
    private static AnswerValue Mean(PlannedMeasure measure, BigInteger sum, BigInteger count)
    {
        ValueGrid grid = measure.Grid!;
        ConfidenceInterval interval = measure.Precision.Mean.Interval(sum, count).Within(-grid.Width, grid.Width);
        BigInteger rows = BigInteger.Max(1, count);
        decimal value = (decimal)BigInteger.Clamp(sum, -grid.Width * rows, grid.Width * rows) / (decimal)rows;
        return new AnswerValue(
            At(value, MidpointRounding.ToEven), null, At((decimal)interval.Low, MidpointRounding.ToNegativeInfinity), At((decimal)interval.High, MidpointRounding.ToPositiveInfinity));

        decimal At(decimal ratio, MidpointRounding rounding) => decimal.Clamp(
            decimal.Round((ratio + grid.DoubledMiddle) * grid.Granularity / 2, MeanDigits, rounding), grid.LowerValue, grid.UpperValue);
    }

    // Of values in halves of a step, between 0 and the square of half the range; its root is a rising function of it.
    private static AnswerValue Variance(PlannedMeasure measure, Func<double, double> read, BigInteger[][] noisy)
    {
        ValueGrid grid = measure.Grid!;
        // A clamp is at least one step wide, so the most is above 0.
        (BigInteger squares, BigInteger sum, BigInteger count) = (noisy[0][0], noisy[1][0], noisy[2][0]);
        double most = (double)grid.Width * grid.Width;
        double unit = (double)(grid.Granularity / 2) * (double)(grid.Granularity / 2);
        ConfidenceInterval interval = measure.Precision.Variance.Interval(count, sum, squares, grid.Width).Within(0, most);
        return new AnswerValue(
            At(VarianceAccuracy.Estimate(count, sum, squares, grid.Width), MidpointRounding.ToEven),
            null,
            At(interval.Low, MidpointRounding.ToNegativeInfinity),
            At(interval.High, MidpointRounding.ToPositiveInfinity));

        // Ranges wider than a decimal can square do not occur: a number has at most 2^52 steps of at most 10^12, and only its root or 28 digits are kept.
        decimal At(double variance, MidpointRounding rounding) =>
            decimal.Round((decimal)Math.Min(read(variance * unit), 7e27), VarianceDigits, rounding);
    }

    // Leaves are counted from the first step on, and begin with whole steps, which rounding finds again. A value is a whole step, so the end of a leaf stands for the last step before it.
    private static IEnumerable<AnswerValue> Quantiles(PlannedMeasure measure, BigInteger[] noisy)
    {
        ValueGrid grid = measure.Grid!;
        NoisyQuantiles quantiles = measure.Precision.Tree.Read([.. noisy.Select(n => (long)BigInteger.Clamp(n, long.MinValue, long.MaxValue))]);
        foreach (decimal rank in measure.Points)
        {
            ConfidenceInterval interval = quantiles.Interval((double)rank, MeasurePrecision.Confidence);
            decimal low = At(Math.Round(interval.Low));
            decimal high = At(Math.Round(interval.High) - 1);
            yield return new AnswerValue(At(Math.Floor(quantiles.Quantile((double)rank))), null, low, decimal.Max(low, high));
        }

        decimal At(double steps) => (grid.Lower + (decimal)Math.Clamp(steps, 0, grid.Width)) * grid.Granularity;
    }
}
