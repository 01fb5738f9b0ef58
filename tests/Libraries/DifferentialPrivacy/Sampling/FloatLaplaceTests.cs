using System.Security.Cryptography;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

/// <summary>
/// The attack of Mironov (On Significance of the Least Significant Bits for Differential Privacy, CCS 2012) on answers as they are
/// released: an answer that cannot have come from a statistic rules it out.
/// </summary>
public class FloatLaplaceTests
{
    private const int Answers = 2000;
    private const double Grid = 1.0 / (1L << 53);

    [Fact]
    public void Double_precision_answers_reveal_the_statistic()
    {
        double[] answers = [.. Enumerable.Range(0, Answers).Select(_ => 1 + (Sign() * Laplace(Uniform())))];
        Assert.All(answers, answer => Assert.True(CanComeFrom(1, answer)));
        // Half of the answers or more rule the neighbour out; 100 would do.
        Assert.True(answers.Count(answer => !CanComeFrom(0, answer)) > 100);
    }

    [Fact]
    public void Integer_answers_can_come_from_every_statistic()
    {
        long[] answers = new long[Answers];
        new DiscreteLaplace(1).Fill(answers);
        // The support is that of all integers: each has a chance above 0 from either neighbour, and their ratio is bounded by e.
        DiscreteLaplace law = new(1);
        Assert.All(answers, answer =>
        {
            double one = law.UpperTail(answer - 1) - law.UpperTail(answer);
            double zero = law.UpperTail(answer) - law.UpperTail(answer + 1);
            Assert.InRange(one / zero, Math.Exp(-1) - 1e-6, Math.Exp(1) + 1e-6);
        });
    }

    // Whether some uniform number of the grid gives just this answer: it lies next to the exponential of the answer's noise.
    private static bool CanComeFrom(double statistic, double answer)
    {
        double noise = answer - statistic;
        double near = Math.Exp(-Math.Abs(noise));
        double slack = Math.Max(8, Math.Abs(Math.BitIncrement(answer) - answer) * near * 2 / Grid);
        for (double steps = -slack; steps <= slack; steps++)
        {
            double u = (Math.Round(near / Grid) + steps) * Grid;
            if (u is > 0 and <= 1 && statistic + (Math.Sign(noise) * Laplace(u)) == answer)
                return true;
        }
        return false;
    }

    private static double Laplace(double u) => -Math.Log(u);

    private static double Uniform() => ((RandomBits() >> 11) + 1) * Grid;

    private static int Sign() => (RandomBits() & 1) == 1 ? 1 : -1;

    private static ulong RandomBits() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
