namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Randomized response on a vector of bits, for the local model: a set of items, or a Bloom filter of one. Every bit is reported true or
/// flipped on its own.
/// <list type="bullet">
/// <item>Input domain: a vector of exactly the public length. Of the ones, the first maxWeight count and any further are taken as zeros: a
/// device that refused them would tell that there are more.</item>
/// <item>Sensitivity: any vector may be replaced by any other: at most min(2·maxWeight, length) bits change.</item>
/// <item>Privacy loss: pure ε-DP with ε = min(2·maxWeight, length)·ln(odds), hence ρ = ε²/2, for each report of a person.</item>
/// <item>Source: Erlingsson, Pihur, Korolova, RAPPOR (CCS 2014, arXiv 1407.6981), theorem 1.</item>
/// </list>
/// </summary>
public sealed class RandomizedBits
{
    /// <summary>The response with exact odds for each bit.</summary>
    /// <param name="length">The number of bits, at least 1.</param>
    /// <param name="maxWeight">The most ones of a person's vector, in [1, length].</param>
    /// <param name="odds">How many times likelier a bit is reported as it is than flipped, above 1 and at most 2^64.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public RandomizedBits(int length, int maxWeight, Rational odds)
        : this(length, maxWeight, odds, Changes(length, maxWeight) * RandomizedResponse.LogOdds(odds))
    {
    }

    private RandomizedBits(int length, int maxWeight, Rational odds, Rational epsilon)
    {
        Length = length;
        MaxWeight = maxWeight;
        Bit = new RandomizedResponse(2, odds);
        Domain.Countable(epsilon * epsilon / 2, odds);
        Epsilon = epsilon;
        Loss = PrivacyLoss.OfPure(epsilon);
    }

    /// <summary>The number of bits.</summary>
    public int Length { get; }

    /// <summary>The most ones of a vector that count.</summary>
    public int MaxWeight { get; }

    /// <summary>The response of each bit: its estimates and intervals are those of the number of respondents with a bit.</summary>
    public RandomizedResponse Bit { get; }

    /// <summary>ε of the whole vector, rounded up.</summary>
    public Rational Epsilon { get; }

    /// <summary>The loss of one report, to the person who makes it.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The response of a given loss.</summary>
    /// <param name="length">The number of bits, at least 1.</param>
    /// <param name="maxWeight">The most ones of a person's vector, in [1, length].</param>
    /// <param name="epsilon">ε of the whole vector, in [2^−40, 44].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the share of a bit is below 2^−40.</exception>
    public static RandomizedBits ForPure(int length, int maxWeight, Rational epsilon)
    {
        long changes = Changes(length, maxWeight);
        Domain.LocalEpsilon(epsilon);
        Domain.LocalEpsilon(epsilon / changes, nameof(epsilon));
        return new RandomizedBits(length, maxWeight, RandomizedResponse.OddsFor(epsilon / changes), epsilon);
    }

    /// <summary>A report of the vector, random: made once by the person's device, and kept.</summary>
    /// <param name="truth">The bits, as many as <see cref="Length"/>.</param>
    /// <exception cref="ArgumentException">There are more bits or less.</exception>
    public bool[] Report(ReadOnlySpan<bool> truth) => Report(truth, CryptographicBits.OfThread);

    internal bool[] Report(ReadOnlySpan<bool> truth, IBitSource bits)
    {
        if (truth.Length != Length)
            throw new ArgumentException($"truth must have exactly {Length} bits: a varying length would tell something.", nameof(truth));
        bool[] report = new bool[Length];
        int weight = 0;
        for (int i = 0; i < report.Length; i++)
        {
            bool counts = truth[i] && weight < MaxWeight;
            weight += counts ? 1 : 0;
            report[i] = Bit.Report(counts ? 1 : 0, bits) == 1;
        }
        return report;
    }

    private static long Changes(int length, int maxWeight)
    {
        Domain.AtLeastOne(length);
        Domain.Within(maxWeight, 1, length);
        return Math.Min(2L * maxWeight, length);
    }
}
