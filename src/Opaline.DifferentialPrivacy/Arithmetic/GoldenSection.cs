namespace Opaline.DifferentialPrivacy;

/// <summary>The search for the least value of a function that falls and then rises, each step with one more evaluation.</summary>
internal static class GoldenSection
{
    private static readonly double s_ratio = (Math.Sqrt(5) - 1) / 2;

    /// <summary>The least of the values met on the way to a bracket of the given width.</summary>
    public static double Least(double low, double high, double width, Func<double, double> value)
    {
        double left = high - (s_ratio * (high - low));
        double right = low + (s_ratio * (high - low));
        double atLeft = value(left);
        double atRight = value(right);
        while (high - low > width)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (s_ratio * (high - low));
                atLeft = value(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (s_ratio * (high - low));
                atRight = value(right);
            }
        }
        return Math.Min(atLeft, atRight);
    }
}
