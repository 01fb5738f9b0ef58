namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Gauss–Legendre quadrature. The error of n nodes on a width w is w^(2n+1)·(n!)^4/((2n + 1)·((2n)!)^3)·f^(2n)
/// (Abramowitz and Stegun, formula 25.4.30): each use says why that is below double precision.
/// </summary>
internal static class GaussLegendre
{
    /// <summary>Eight nodes on [−1, 1] with their weights (Abramowitz and Stegun, table 25.4), the positive half.</summary>
    private static readonly (double Node, double Weight)[] s_half =
    [
        (0.18343464249564980494, 0.36268378337836198297),
        (0.52553240991632898582, 0.31370664587788728734),
        (0.79666647741362673959, 0.22238103445337447054),
        (0.96028985649753623168, 0.10122853629037625915),
    ];

    /// <summary>The nodes and weights of [low, low + width].</summary>
    public static IEnumerable<(double Node, double Weight)> Nodes(double low, double width)
    {
        double half = width / 2;
        foreach ((double node, double weight) in s_half)
        {
            yield return (low + (half * (1 - node)), weight * half);
            yield return (low + (half * (1 + node)), weight * half);
        }
    }
}
