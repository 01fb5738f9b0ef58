namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Puts losses on a grid. A mass m at the loss ℓ between the points e and e + h has m·e^−ℓ under the other law; connecting the dots gives
/// the masses m·(1 − e^(e−ℓ))/(1 − e^−h) to e + h and m·(e^(e+h−ℓ) − 1)/(e^h − 1) to e, which keep both: the second differences of δ of
/// Connect the Dots (arXiv 2207.04380), without their cancellation. Masses are loosened, so that sums of them are upper bounds.
/// </summary>
internal sealed class LossLawBuilder
{
    private const int MostCells = 1 << 22;

    private readonly double _step;
    private readonly LossRounding _rounding;
    private readonly double _low;
    private readonly double _high;
    private readonly long _first;
    private readonly double[] _masses;
    private readonly int[] _atoms;
    private double _infinity;

    /// <param name="grid">The grid.</param>
    /// <param name="low">Losses below are raised to the grid point under this.</param>
    /// <param name="high">Losses above are counted as infinite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The losses span more than 2^22 steps of the grid.</exception>
    public LossLawBuilder(LossGrid grid, double low, double high)
    {
        _step = grid.Step;
        _rounding = grid.Rounding;
        _low = low;
        _high = high;
        double cells = ((high - low) / _step) + 4;
        if (!(cells <= MostCells) || !(Math.Max(Math.Abs(low), Math.Abs(high)) / _step < 1L << 50))
        {
            throw new ArgumentOutOfRangeException(
                nameof(grid), grid.Step, "The losses span more than 2^22 steps of the grid: use a wider step.");
        }
        _first = (long)Math.Floor(low / _step) - 1;
        _masses = new double[(long)Math.Ceiling(high / _step) + 2 - _first];
        _atoms = new int[_masses.Length];
    }

    public void AddInfinity(double mass) => _infinity += mass;

    /// <param name="loss">An upper bound of the loss.</param>
    /// <param name="mass">The mass, within 2^-40 of it.</param>
    public void AddAtom(double loss, double mass)
    {
        if (loss > _high)
            _infinity += mass;
        else
            Add(Math.Max(loss, _low), mass);
    }

    /// <summary>
    /// Adds a smooth density over a range inside the grid's, in pieces of at most the width on which eight nodes are exact.
    /// </summary>
    public void AddDensity(double low, double high, double width, Func<double, double> density)
    {
        for (long i = (long)Math.Floor(low / _step); i * _step < high; i++)
        {
            double start = Math.Max(low, i * _step);
            double length = Math.Min(high, (i + 1) * _step) - start;
            if (length <= 0)
                continue;
            int pieces = (int)Math.Ceiling(length / width);
            for (int piece = 0; piece < pieces; piece++)
            {
                foreach ((double loss, double weight) in GaussLegendre.Nodes(start + (piece * length / pieces), length / pieces))
                    Add(loss, weight * density(loss));
            }
        }
    }

    public LossLaw Build()
    {
        double error = RoundUp.Slack + (_atoms.Max() * RoundUp.Unit); // a unit for each atom of a sum
        for (int i = 0; i < _masses.Length; i++)
            _masses[i] *= 1 + error;
        return new LossLaw(new LatticeLaw(_first, _masses), _infinity == 0 ? 0 : Math.Min(1, RoundUp.Loosen(_infinity)));
    }

    private void Add(double loss, double mass)
    {
        long index = (long)Math.Floor(loss / _step);
        double over = Math.FusedMultiplyAdd(-index, _step, loss);
        if (over < 0) // the quotient was rounded up to an integer
        {
            index--;
            over += _step;
        }
        int cell = (int)(index - _first);
        _atoms[cell]++;
        _atoms[cell + 1]++;
        if (over == 0)
        {
            _masses[cell] += mass;
        }
        else if (_rounding == LossRounding.Up)
        {
            _masses[cell + 1] += mass;
        }
        else
        {
            _masses[cell + 1] += mass * Math.Min(1, NearOne.ExpMinusOne(-over) / NearOne.ExpMinusOne(-_step));
            _masses[cell] += mass * (Math.Max(0, NearOne.ExpMinusOne(_step - over)) / NearOne.ExpMinusOne(_step));
        }
    }
}
