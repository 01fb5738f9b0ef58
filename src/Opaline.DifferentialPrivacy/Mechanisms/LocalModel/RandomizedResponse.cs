using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Randomized response among k categories, for the local model: each person's device randomizes its own answer, and nobody, not even who
/// collects the reports, ever holds the truth. The truth is reported with odds of e^ε : 1 against each other category.
/// <list type="bullet">
/// <item>Input domain: one category of 0 … k − 1 a person, k public. For yes and no, k = 2.</item>
/// <item>Sensitivity: any answer may be replaced by any other.</item>
/// <item>Privacy loss: pure ε-DP with ε = ln(odds), hence ρ = ε²/2, for each report of a person: reports of the same answer add up.</item>
/// <item>Source: Warner, Randomized response (JASA 1965); Kairouz, Oh, Viswanath, Extremal mechanisms for local differential privacy (JMLR
/// 2016), section 2.</item>
/// </list>
/// The odds are an exact rational and the coins are exact, so the ε charged is the only number that is rounded, and it is rounded up.
/// </summary>
public sealed class RandomizedResponse
{
    private const int OddsBits = 128;

    private readonly BigInteger _truth;
    private readonly BigInteger _other;
    private readonly BigInteger _all;

    /// <summary>The response with exact odds.</summary>
    /// <param name="categories">k, at least 2.</param>
    /// <param name="odds">e^ε, above 1 and at most 2^64.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public RandomizedResponse(int categories, Rational odds)
        : this(categories, odds, LogOdds(odds))
    {
    }

    private RandomizedResponse(int categories, Rational odds, Rational epsilon)
    {
        Domain.Within(categories, 2, int.MaxValue);
        Categories = categories;
        Odds = odds;
        Epsilon = epsilon;
        Loss = PrivacyLoss.OfPure(epsilon);
        _truth = odds.Numerator;
        _other = odds.Denominator;
        _all = _truth + ((categories - 1) * _other);
    }

    /// <summary>k.</summary>
    public int Categories { get; }

    /// <summary>The exact e^ε: how many times likelier the truth is than one certain other category.</summary>
    public Rational Odds { get; }

    /// <summary>ε = ln(odds), rounded up.</summary>
    public Rational Epsilon { get; }

    /// <summary>The loss of one report, to the person who makes it.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The exact chance with which the truth is reported.</summary>
    public Rational TruthProbability => new(_truth, _all);

    /// <summary>The response of a given loss: odds of e^ε, rounded down.</summary>
    /// <param name="categories">k, at least 2.</param>
    /// <param name="epsilon">ε, in [2^−40, 44].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static RandomizedResponse ForPure(int categories, Rational epsilon)
    {
        Domain.LocalEpsilon(epsilon);
        return new RandomizedResponse(categories, OddsFor(epsilon), epsilon);
    }

    /// <summary>
    /// A report of the answer, random: made once by the person's device, and kept. Reporting the same answer again is charged again.
    /// </summary>
    /// <param name="truth">The answer, in 0 … k − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The answer is no category.</exception>
    public int Report(int truth) => Report(truth, CryptographicBits.OfThread);

    /// <summary>The unbiased estimate of how many of the respondents have a category; it may be below 0 or above their number.</summary>
    /// <param name="reports">How many reports name it.</param>
    /// <param name="respondents">How many reports there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public double Estimate(long reports, long respondents)
    {
        CheckReports(reports, respondents);
        return Unbiased(respondents, new Rational(reports, respondents)).ToDoubleDown();
    }

    /// <summary>
    /// The interval that holds the number of respondents with a category with the given confidence, whatever that number is. It covers the
    /// randomization, not how the respondents were sampled. For several categories at once share out 1 − confidence.
    /// </summary>
    /// <param name="reports">How many reports name it.</param>
    /// <param name="respondents">How many reports there are, at least 1.</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public ConfidenceInterval Interval(long reports, long respondents, double confidence)
    {
        CheckReports(reports, respondents);
        (double low, double high) = MeanChance.Bounds(reports, respondents, Domain.AlphaOf(confidence));
        Rational least = Unbiased(respondents, Rational.FromDouble(low));
        Rational most = Unbiased(respondents, Rational.FromDouble(high));
        return new ConfidenceInterval(least.ToDoubleDown(), most.ToDoubleUp()).Within(0, respondents);
    }

    internal int Report(int truth, IBitSource bits)
    {
        Domain.Within(truth, 0, Categories - 1);
        BigInteger draw = Uniform.Below(bits, _all);
        if (draw < _truth)
            return truth;
        int other = (int)((draw - _truth) / _other); // in 0 … k − 2: the categories but the truth
        return other < truth ? other : other + 1;
    }

    /// <summary>A rational that is at most e^ε, by less than 2^−80 of its value.</summary>
    internal static Rational OddsFor(Rational epsilon) =>
        new(BigInteger.One << OddsBits, NegativeExponential.Bounds(epsilon.Numerator, epsilon.Denominator, OddsBits).High);

    /// <summary>ln(odds), rounded up.</summary>
    internal static Rational LogOdds(Rational odds)
    {
        Domain.Odds(odds);
        return Rational.FromDouble(RoundUp.Loosen(NearOne.LogOnePlus((odds - 1).ToDoubleUp())));
    }

    private static void CheckReports(long reports, long respondents)
    {
        Domain.Within(respondents, 1, long.MaxValue);
        Domain.Within(reports, 0, respondents);
    }

    // A respondent with the category names it with chance p = odds/(odds + k − 1), one without with q = 1/(odds + k − 1); so E[share] = q +
    // (p − q)·n_c/n.
    private Rational Unbiased(long respondents, Rational share) => respondents * ((share * _all) - _other) / (_truth - _other);
}
