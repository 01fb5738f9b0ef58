namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Logarithm and exponential near 1, to a few units in the last place. The runtime's <c>double.LogP1</c> and <c>double.ExpM1</c> add or
/// subtract the 1 in double precision and lose everything for small arguments; the corrections here are Kahan's
/// (N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 1.14.1).
/// </summary>
internal static class NearOne
{
    /// <summary>ln(1 + x), x &gt; −1.</summary>
    public static double LogOnePlus(double x)
    {
        double u = 1 + x;
        if (u == 1)
            return x;
        return double.IsPositiveInfinity(u) ? u : Math.Log(u) * x / (u - 1);
    }

    /// <summary>e^x − 1.</summary>
    public static double ExpMinusOne(double x)
    {
        double u = Math.Exp(x);
        if (u == 1)
            return x;
        double less = u - 1;
        return less == -1 || double.IsPositiveInfinity(u) ? less : less * x / Math.Log(u);
    }
}
