namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A privacy odometer: a running bound of the loss of releases that no budget was set for. With a chance of at least
/// 1 − <c>delta</c> − <c>approximate.Delta</c> the loss is at most <see cref="Epsilon"/> at all times at once, whoever chooses the releases
/// and when to stop. Safe for concurrent use.
/// </summary>
/// <remarks>
/// The sum of ρ that were chosen adaptively is a guarantee only against a budget that was set before. So the odometer runs filters whose
/// budgets are fixed beforehand, each twice the one before, and reports the least that holds (Rogers, Roth, Ullman, Vadhan, Privacy
/// Odometers and Filters, 2016, arXiv 1605.08294; Lécuyer, Practical Privacy Filters and Odometers with Rényi Differential Privacy, 2021,
/// arXiv 2103.01379). The f-th has a share of δ/(f·(f + 1)), which add up to δ, and bounds the loss by ρ + 2·√(ρ·ln(1/share)): the tail of
/// Bun and Steinke 2016, proposition 1.3, which by Ville's inequality holds at every time before the filter would stop (Whitehouse et al.
/// 2023, arXiv 2203.05481).
/// </remarks>
public sealed class PrivacyOdometer
{
    private readonly Lock _lock = new();
    private readonly NanoRho _first;
    private readonly AttoDelta _approximate;
    private readonly double _delta;
    private PrivacyLoss _spent;

    /// <summary>An odometer at zero.</summary>
    /// <param name="first">The first budget, above 0: below it the bound no longer falls. Choose a loss that is sure to be spent.</param>
    /// <param name="delta">δ of the bound, in (0, 1).</param>
    /// <param name="approximate">The most that the δ of the releases may add up to; beyond it there is no bound.</param>
    /// <exception cref="ArgumentOutOfRangeException">The first budget is 0, or δ lies outside (0, 1).</exception>
    public PrivacyOdometer(NanoRho first, double delta, AttoDelta approximate)
    {
        Domain.Positive(first);
        Domain.PositiveDelta(delta);
        _first = first;
        _delta = delta;
        _approximate = approximate;
    }

    /// <summary>The sum of what was charged.</summary>
    public PrivacyLoss Spent
    {
        get
        {
            lock (_lock)
                return _spent;
        }
    }

    /// <summary>
    /// The bound of the loss so far, rounded up; infinite where the δ of the releases are above what was allowed for them.
    /// </summary>
    public double Epsilon
    {
        get
        {
            PrivacyLoss spent = Spent;
            if (spent.Delta > _approximate)
                return double.PositiveInfinity;
            if (spent == PrivacyLoss.None)
                return 0;
            int level = 1;
            Int128 budget = _first.Value;
            for (; budget < spent.Rho.Value; level++)
                budget *= 2;
            double rho = new Rational((System.Numerics.BigInteger)budget, 1_000_000_000).ToDoubleUp();
            double logShare = Math.Log(_delta) - Math.Log((double)level * (level + 1));
            return RoundUp.Loosen(rho + (2 * Math.Sqrt(rho * -logShare)));
        }
    }

    /// <summary>Adds a loss. Nothing is refused.</summary>
    /// <exception cref="OverflowException">The sum leaves the range of its amount.</exception>
    public void Charge(PrivacyLoss loss)
    {
        lock (_lock)
            _spent += loss;
    }
}
