namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Masses on consecutive multiples of a step, in upper bounds. What does not lie there, the mass at infinity, the owner keeps.
/// </summary>
internal sealed class LatticeLaw
{
    private const double Negligible = -50; // a million of what is left out stay below 2^-50

    private readonly double[] _logMasses;

    /// <param name="first">The index of the first mass: it lies at first·step.</param>
    /// <param name="masses">At least one; not negative, at least one above 0.</param>
    public LatticeLaw(long first, double[] masses)
    {
        First = first;
        Masses = masses;
        _logMasses = new double[masses.Length];
        for (int i = 0; i < masses.Length; i++)
            _logMasses[i] = Math.Log(masses[i]);
    }

    public long First { get; }

    public long Last => First + Masses.Length - 1;

    public double[] Masses { get; }

    /// <summary>The mean and the variance of the index under the tilted law.</summary>
    public (double Mean, double Variance) Moments(double tilt)
    {
        (double greatest, double sum) = (Greatest(tilt), 0);
        (double first, double second) = (0, 0);
        for (int i = 0; i < _logMasses.Length; i++)
        {
            double exponent = _logMasses[i] + (tilt * i) - greatest;
            if (exponent <= Negligible)
                continue;
            double weight = Math.Exp(exponent);
            sum += weight;
            first += weight * i;
            second += weight * i * i;
        }
        double mean = first / sum;
        return (First + mean, Math.Max(0, (second / sum) - (mean * mean)));
    }

    /// <summary>ln Σ mass·e^(tilt·index).</summary>
    public double Log(double tilt)
    {
        (double greatest, double sum) = (Greatest(tilt), 0);
        for (int i = 0; i < _logMasses.Length; i++)
        {
            double exponent = _logMasses[i] + (tilt * i) - greatest;
            if (exponent > Negligible)
                sum += Math.Exp(exponent);
        }
        return greatest + Math.Log(sum) + (tilt * First);
    }

    /// <summary>
    /// Adds mass·e^(tilt·index − logTotal) to the cells, index modulo their number. Each is good to a relative error that is returned.
    /// </summary>
    public double Tilted(double tilt, double logTotal, double[] cells)
    {
        double shift = (tilt * First) - logTotal;
        double size = Math.Abs(tilt * First) + Math.Abs(logTotal) + Math.Abs(tilt * Masses.Length);
        double greatest = size;
        for (int i = 0; i < _logMasses.Length; i++)
        {
            double exponent = _logMasses[i] + (tilt * i) + shift;
            if (exponent > -745)
            {
                cells[(First + i) & (cells.Length - 1)] += Math.Exp(exponent);
                greatest = Math.Max(greatest, size + Math.Abs(_logMasses[i]));
            }
        }
        int wraps = Masses.Length / cells.Length; // each addition to a cell rounds once
        return 4 * RoundUp.Unit * (greatest + wraps + 4);
    }

    private double Greatest(double tilt)
    {
        double greatest = double.NegativeInfinity;
        for (int i = 0; i < _logMasses.Length; i++)
            greatest = Math.Max(greatest, _logMasses[i] + (tilt * i));
        return greatest;
    }
}
