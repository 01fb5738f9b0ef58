using System.Collections.Immutable;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The loss of a batch of releases in one direction: the sum of independent losses, each a law and how often it occurs. The sum is taken
/// when a question is asked, tilted to where the answer lies (<see cref="TiltedSum"/>).
/// δ(ε) = m∞ + Σ_{ℓ&gt;ε} (1 − e^(ε−ℓ))·p(ℓ), m∞ = 1 − Π(1 − mᵢ).
/// </summary>
internal sealed class LossComposition
{
    private const int MostRounds = 4;
    private const int MostSteps = 120;
    private const double Precision = 1e-10;

    private readonly double _step;
    private readonly ImmutableArray<(LossLaw Law, int Count)> _terms;
    private readonly ImmutableArray<(LatticeLaw Law, int Count)> _finite;
    private readonly long _last;

    public LossComposition(double step, ImmutableArray<(LossLaw Law, int Count)> terms)
    {
        _step = step;
        _terms = terms;
        _finite = [.. terms.Where(term => term.Law.Infinity < 1).Select(term => (term.Law.Finite, term.Count))];
        double logFinite = 0;
        foreach ((LossLaw law, int count) in terms)
        {
            logFinite += count * NearOne.LogOnePlus(-law.Infinity);
            _last = checked(_last + (law.Finite.Last * count));
        }
        Infinity = logFinite == 0 ? 0 : Math.Min(1, RoundUp.Loosen(-NearOne.ExpMinusOne(logFinite)));
    }

    public double Infinity { get; }

    /// <exception cref="OverflowException">A law occurs more than 2^31 times.</exception>
    public LossComposition With(LossComposition other)
    {
        List<(LossLaw Law, int Count)> terms = [.. _terms];
        foreach ((LossLaw law, int count) in other._terms)
        {
            int same = terms.FindIndex(term => ReferenceEquals(term.Law, law));
            if (same >= 0)
                terms[same] = (law, checked(terms[same].Count + count));
            else
                terms.Add((law, count));
        }
        return new LossComposition(_step, [.. terms]);
    }

    /// <exception cref="OverflowException">A law occurs more than 2^31 times.</exception>
    public LossComposition Times(int count) => new(_step, [.. _terms.Select(term => (term.Law, checked(term.Count * count)))]);

    public double Delta(double epsilon)
    {
        if (Infinity >= 1)
            return 1;
        return Total(epsilon, IsSingle ? null : new TiltedSum(_finite, epsilon / _step));
    }

    public double Epsilon(double delta)
    {
        if (Infinity > delta)
            return double.PositiveInfinity;
        if (IsSingle)
            return Least(delta, null);
        (double mean, double variance) = TiltedSum.Moments(_finite, 0);
        double deviation = Math.Sqrt(variance);
        double guess = Math.Min(mean + (deviation * Math.Sqrt(-2 * Math.Log(delta))), mean + (0.95 * (_last - mean)));
        double least = double.PositiveInfinity;
        for (int round = 0; round < MostRounds; round++) // the answers are all valid; they differ in how much of the error bound they carry
        {
            double epsilon = Least(delta, new TiltedSum(_finite, guess));
            double gain = least - epsilon;
            least = Math.Min(least, epsilon);
            if (gain < 1e-6 * least)
                break;
            guess = epsilon / _step;
        }
        return least;
    }

    private bool IsSingle => _terms is [(_, 1)];

    // The upper end of an interval of 1e-10 of itself, by false position on ln δ, halving the weight of an end that stays (the Illinois
    // rule); what a step proposes is tested before it is believed.
    private double Least(double delta, TiltedSum? sum)
    {
        double low = 0;
        double high = Math.BitIncrement(Math.BitIncrement(_last * _step)); // from here on only the infinite losses count
        double atLow = Excess(low, delta, sum);
        double atHigh = Excess(high, delta, sum);
        if (atLow <= 0)
            return 0;
        bool? highMoved = null;
        for (int step = 0; step < MostSteps && high - low > Precision * high; step++)
        {
            double share = step < MostSteps / 2 ? atLow / (atLow - atHigh) : 0.5;
            double middle = low + (Math.Clamp(share, 0.02, 0.98) * (high - low));
            double atMiddle = Excess(middle, delta, sum);
            if (atMiddle <= 0)
                (high, atHigh, atLow) = (middle, atMiddle, highMoved == true ? atLow / 2 : atLow);
            else
                (low, atLow, atHigh) = (middle, atMiddle, highMoved == false ? atHigh / 2 : atHigh);
            highMoved = atMiddle <= 0;
        }
        return high;
    }

    // ln of δ over the wanted one, within ±40: above 0 where it is too great.
    private double Excess(double epsilon, double delta, TiltedSum? sum)
    {
        double total = Total(epsilon, sum);
        return total <= delta ? Math.Max(-40, Math.Log(total / delta)) - double.Epsilon : Math.Min(40, Math.Log(total / delta));
    }

    private double Total(double epsilon, TiltedSum? sum)
    {
        double cell = Math.Floor(epsilon / _step);
        if (cell >= _last)
            return Infinity;
        long from = (long)cell; // the first loss above ε: the quotient may have been rounded to either side of an integer
        while (Math.FusedMultiplyAdd(from, _step, -epsilon) <= 0)
            from++;
        double Weight(long index) => -NearOne.ExpMinusOne(-Math.Max(0, Math.FusedMultiplyAdd(index, _step, -epsilon)));
        double finite = sum is null ? Direct(from, Weight) : sum.Tail(from, Weight);
        return Math.Min(1, Math.BitIncrement(Infinity + finite));
    }

    private double Direct(long from, Func<long, double> weight)
    {
        LatticeLaw law = _finite[0].Law;
        double sum = 0;
        for (long index = law.Last; index >= Math.Max(from, law.First); index--)
            sum += law.Masses[index - law.First] * weight(index);
        return RoundUp.Loosen(sum * (1 + (law.Masses.Length * RoundUp.Unit)));
    }
}
