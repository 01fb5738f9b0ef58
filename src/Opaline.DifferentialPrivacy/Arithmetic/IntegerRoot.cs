using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>Exact square roots of integers.</summary>
internal static class IntegerRoot
{
    /// <summary>⌊√value⌋ by Newton's iteration from above, which falls until it has arrived.</summary>
    public static BigInteger Floor(BigInteger value)
    {
        if (value <= BigInteger.One)
            return value;
        BigInteger root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (value / root)) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }

    /// <summary>⌈√value⌉.</summary>
    public static BigInteger Ceiling(BigInteger value)
    {
        BigInteger root = Floor(value);
        return root * root == value ? root : root + BigInteger.One;
    }
}
