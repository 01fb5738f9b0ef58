namespace Opaline.Libraries.Tests.DifferentialPrivacy;

/// <summary>
/// Laws as plain sums of their weights, term by term with Neumaier's compensation: slow, and independent of the library's tails.
/// </summary>
internal sealed class DirectLaw
{
    private readonly Func<double, double> _weight;
    private readonly double _total;

    private DirectLaw(Func<double, double> weight)
    {
        _weight = weight;
        _total = weight(0) + (2 * Sum(1));
    }

    public static DirectLaw Gaussian(double sigmaSquared) => new(k => Math.Exp(-k * k / (2 * sigmaSquared)));

    public static DirectLaw Laplace(double scale) => new(k => Math.Exp(-Math.Abs(k) / scale));

    public double Probability(long x) => _weight(x) / _total;

    /// <summary>P(X ≥ t).</summary>
    public double UpperTail(long t) => t >= 1 ? Sum(t) / _total : 1 - (Sum(1 - t) / _total);

    private double Sum(long from)
    {
        double sum = 0;
        double compensation = 0;
        double first = _weight(from);
        double k = from;
        for (double term = first; term > first * 1e-20 && term > 0; term = _weight(++k))
        {
            double next = sum + term;
            compensation += Math.Abs(sum) >= term ? sum - next + term : term - next + sum;
            sum = next;
        }
        return sum + compensation;
    }
}
