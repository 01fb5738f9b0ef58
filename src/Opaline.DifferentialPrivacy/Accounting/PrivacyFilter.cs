using System.Diagnostics.CodeAnalysis;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A fully adaptive privacy filter: it admits releases until a budget of δ-approximate ρ-zCDP is spent. What it admits is, together, within
/// the budget, although each release and its loss may have been chosen after all earlier answers were seen (Whitehouse, Ramdas, Rogers, Wu,
/// Fully Adaptive Composition in Differential Privacy, ICML 2023, arXiv 2203.05481; concurrent releases: Haney et al. 2023, arXiv
/// 2309.05901). Charge before the data is touched, and never give back. Safe for concurrent use.
/// </summary>
/// <param name="budget">What may be spent in all.</param>
public sealed class PrivacyFilter(PrivacyLoss budget)
{
    private readonly Lock _lock = new();
    private PrivacyLoss _spent;

    /// <summary>What may be spent in all.</summary>
    public PrivacyLoss Budget { get; } = budget;

    /// <summary>What was admitted.</summary>
    public PrivacyLoss Spent
    {
        get
        {
            lock (_lock)
                return _spent;
        }
    }

    /// <summary>What may still be spent.</summary>
    public PrivacyLoss Left => Remaining(Spent);

    /// <summary>Admits and charges a loss iff both of its amounts fit into what is left.</summary>
    /// <param name="loss">The loss of the release.</param>
    /// <param name="refusal">Why it was not admitted.</param>
    public bool TryCharge(PrivacyLoss loss, [NotNullWhen(false)] out PrivacyRefusal? refusal)
    {
        lock (_lock)
        {
            PrivacyLoss left = Remaining(_spent);
            refusal = loss.Rho > left.Rho || loss.Delta > left.Delta ? new PrivacyRefusal(loss, left) : null;
            if (refusal is null)
                _spent += loss;
            return refusal is null;
        }
    }

    private PrivacyLoss Remaining(PrivacyLoss spent) =>
        new(new NanoRho(Budget.Rho.Value - spent.Rho.Value), new AttoDelta(Budget.Delta.Value - spent.Delta.Value));
}
