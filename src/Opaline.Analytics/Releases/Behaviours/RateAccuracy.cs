using System.Collections.Immutable;
using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>
/// Intervals of ratios of sums of noisy cells. As in <see cref="RatioAccuracy"/> the chance of error is split between the two noises in several ways; for a
/// given ratio the tightest split depends on that ratio alone, so what no split rejects has the confidence of each.
/// </summary>
internal sealed class RateAccuracy
{
    /// <summary>Beyond it no number of subjects lies.</summary>
    public static readonly BigInteger Most = BigInteger.Pow(10, 18);

    /// <summary>All of them, by definition.</summary>
    public static readonly AnswerValue Whole = new(1, null, 1, 1);

    private const int Digits = 6;

    // Conversions and a division err by less.
    private const double Slack = 1e-14;

    private static readonly ImmutableArray<double> Splits = [0.125, 0.25, 0.5, 0.75, 0.875];

    private readonly (BigInteger First, BigInteger Second)[] _halfWidths;

    /// <summary>Prepares the intervals of a sum of so many cells and another, all of them independent and with the same noise.</summary>
    public RateAccuracy(SummedNoise sums, NoiseScale scale, int first, int second)
    {
        _halfWidths =
        [
            .. Splits.Select(split => MeasurePrecision.Alpha * split)
                .Select(error => (sums.HalfWidth(scale, first, error), sums.HalfWidth(scale, second, (MeasurePrecision.Alpha - error) / (1 - error) * (1 - Slack)))),
        ];
    }

    /// <summary>part/(part + rest) of two sums that are not negative.</summary>
    public AnswerValue Share(BigInteger part, BigInteger rest)
    {
        double low = 0;
        double high = 1;
        foreach ((BigInteger first, BigInteger second) in _halfWidths)
        {
            // (1 − r)·part − r·rest is noise within (1 − r)·first + r·second.
            if (part > first)
                low = Math.Max(low, (double)(part - first) / (double)(part - first + BigInteger.Max(0, rest + second)) * (1 - Slack));
            if (rest > second)
                high = Math.Min(high, (double)BigInteger.Max(0, part + first) / (double)(BigInteger.Max(0, part + first) + rest - second) * (1 + Slack));
        }

        BigInteger told = BigInteger.Max(0, part);
        BigInteger whole = told + BigInteger.Max(0, rest);
        return Rate(whole.IsZero ? 0 : (double)told / (double)whole, low, high, 1);
    }

    /// <summary>numerator/(scale·denominator) of two sums that are not negative.</summary>
    /// <param name="numerator">The first sum, noisy.</param>
    /// <param name="denominator">The second sum, noisy.</param>
    /// <param name="scale">What the second sum counts for.</param>
    /// <param name="most">The public greatest ratio.</param>
    public AnswerValue Ratio(BigInteger numerator, BigInteger denominator, int scale, double most)
    {
        double low = 0;
        double high = most;
        foreach ((BigInteger first, BigInteger second) in _halfWidths)
        {
            if (denominator + second > 0)
                low = Math.Max(low, (double)(numerator - first) / ((double)(denominator + second) * scale) * (1 - Slack));
            if (denominator > second)
                high = Math.Min(high, (double)BigInteger.Max(0, numerator + first) / ((double)(denominator - second) * scale) * (1 + Slack));
        }

        double ratio = denominator > 0 ? (double)BigInteger.Max(0, numerator) / ((double)denominator * scale) : 0;
        return Rate(Math.Min(ratio, most), Math.Min(low, most), Math.Max(0, high), most);
    }

    /// <summary>A rate with its interval, which reaches to it.</summary>
    public static AnswerValue Rate(double rate, double low, double high, double most)
    {
        decimal value = decimal.Round((decimal)Math.Clamp(rate, 0, most), Digits);
        decimal least = decimal.Round((decimal)Math.Clamp(Math.Min(low, high), 0, most), Digits, MidpointRounding.ToNegativeInfinity);
        decimal greatest = decimal.Round((decimal)Math.Clamp(Math.Max(low, high), 0, most), Digits, MidpointRounding.ToPositiveInfinity);
        return new AnswerValue(value, null, Math.Min(value, least), Math.Max(value, greatest));
    }
}
