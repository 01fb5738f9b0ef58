namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The standard normal law far into its tails, by the Mills ratio M(z) = (1 − Φ(z))/φ(z), which neither underflows nor overflows for z
/// above −37. M and its slope are within 2^-46 of their value: below 1.5 from the power series of Φ, above from Laplace's continued
/// fraction M = 1/(z + 1/(z + 2/(z + …))), of which 16 + 400/z² terms give all digits of a double there.
/// </summary>
internal static class NormalLaw
{
    private const double SeriesEnd = 1.5;

    private static readonly double s_rootOfTwoPi = Math.Sqrt(2 * Math.PI);

    /// <summary>φ(z).</summary>
    public static double Density(double z) => Math.Exp(-z * z / 2) / s_rootOfTwoPi;

    /// <summary>1 − Φ(z), within a relative error of 2^-44 up to z = 37.</summary>
    public static double Upper(double z) => z >= 0 ? Density(z) * MillsRatio(z) : 1 - (Density(z) * MillsRatio(-z));

    /// <summary>M(z), for z ≥ −37.</summary>
    public static double MillsRatio(double z) => z switch
    {
        < 0 => (s_rootOfTwoPi * Math.Exp(z * z / 2)) - MillsRatio(-z),
        < SeriesEnd => Series(z),
        _ => 1 / (z + Remainder(z)),
    };

    /// <summary>−M′(z) = 1 − z·M(z), for z ≥ −37: positive, and about 1/z² far out, where the difference would lose everything.</summary>
    public static double Slope(double z)
    {
        if (z < SeriesEnd)
            return 1 - (z * MillsRatio(z));
        double remainder = Remainder(z);
        return remainder / (z + remainder);
    }

    // The integral of φ from 0 is φ(z)·(z + z³/3 + z⁵/15 + …).
    private static double Series(double z)
    {
        double term = z;
        double sum = 0;
        for (int k = 3; term > sum * 1e-18; k += 2)
        {
            sum += term;
            term *= z * z / k;
        }
        return (s_rootOfTwoPi / 2 * Math.Exp(z * z / 2)) - sum;
    }

    // 1/M(z) − z.
    private static double Remainder(double z)
    {
        double fraction = z;
        for (int k = 16 + (int)(400 / (z * z)); k > 1; k--)
            fraction = z + (k / fraction);
        return 1 / fraction;
    }
}
