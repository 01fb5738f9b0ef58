namespace Opaline.DifferentialPrivacy;

/// <summary>Bisection over the doubles that are not negative, to the last bit: their bits, read as integers, have their order.</summary>
internal static class DoubleSearch
{
    /// <summary>The least value that holds; what holds must hold for every greater one. Infinity where no finite one does.</summary>
    public static double Least(Func<double, bool> holds)
    {
        if (holds(0))
            return 0;
        long low = 0;
        long high = BitConverter.DoubleToInt64Bits(double.PositiveInfinity);
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (holds(BitConverter.Int64BitsToDouble(middle)))
                high = middle;
            else
                low = middle;
        }
        return BitConverter.Int64BitsToDouble(high);
    }

    /// <summary>The greatest finite value that holds; 0 must hold, and what holds must hold for every lesser one.</summary>
    public static double Greatest(Func<double, bool> holds) => Math.BitDecrement(Least(value => !holds(value)));
}
