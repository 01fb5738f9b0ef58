namespace Opaline.DifferentialPrivacy;

/// <summary>The δ of telling a key iff n + X ≥ τ, for a unit that alone has l0 keys with perKey in each.</summary>
internal static class ThresholdDelta
{
    /// <summary>1 − (1 − P(X ≥ τ − perKey))^l0, rounded up.</summary>
    public static double For(IDiscreteNoise noise, int l0, long perKey, long threshold) => OfKeys(noise.UpperTail(threshold - perKey), l0);

    /// <summary>1 − (1 − δ1)^l0, rounded up and below 1; never above the sum l0·δ1.</summary>
    public static double OfKeys(double deltaOfOne, int l0)
    {
        if (l0 == 1)
            return Math.Min(deltaOfOne, Math.BitDecrement(1));
        double all = RoundUp.Loosen(-NearOne.ExpMinusOne(l0 * NearOne.LogOnePlus(-deltaOfOne)));
        return Math.Min(Math.Min(all, RoundUp.Multiply(deltaOfOne, l0)), Math.BitDecrement(1));
    }
}
