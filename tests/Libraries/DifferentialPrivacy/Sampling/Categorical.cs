namespace Opaline.Libraries.Tests.DifferentialPrivacy;

/// <summary>Laws on 0 … n − 1: tests of draws, and what tells two of them apart.</summary>
internal static class Categorical
{
    /// <summary>The chi-square test of <see cref="ChiSquare"/>: a false alarm has a chance below 1e-9.</summary>
    public static bool Rejects(int[] draws, double[] law) =>
        ChiSquare.Rejects([.. draws.Select(draw => (long)draw)], t => t <= 0 ? 1 : law.Skip((int)Math.Min(t, int.MaxValue)).Sum(), 0, 1);

    public static double[] Normalized(double[] weights)
    {
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }

    /// <summary>The greatest |ln(p/q)|: the ε of pure differential privacy between the two.</summary>
    public static double PureLoss(double[] p, double[] q) => Losses(p, q).Max(Math.Abs);

    /// <summary>The greatest difference of two ln(p/q): the ε of bounded range.</summary>
    public static double Range(double[] p, double[] q) => Losses(p, q).Max() - Losses(p, q).Min();

    /// <summary>The Rényi divergence of order α, divided by α: the ρ of zCDP is the greatest one.</summary>
    public static double RenyiRate(double[] p, double[] q, double order) =>
        Math.Log(p.Zip(q, (x, y) => Math.Pow(x, order) * Math.Pow(y, 1 - order)).Sum()) / (order - 1) / order;

    private static IEnumerable<double> Losses(double[] p, double[] q) =>
        p.Zip(q).Where(pair => pair.First > 0 || pair.Second > 0).Select(pair => Math.Log(pair.First / pair.Second));
}
