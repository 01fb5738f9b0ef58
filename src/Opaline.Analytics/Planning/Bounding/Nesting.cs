namespace Opaline.Analytics;

/// <summary>
/// What the public shape of a query says about how many cells one unit can change when rows are grouped by exact unit and keys and at most κ groups of each
/// unit are kept.
/// </summary>
/// <param name="Kappa">κ as it is applied: what was asked for, but no more than the public cells that one unit can meet.</param>
/// <param name="Ranked">Whether groups beyond κ have to be dropped; not where public keys leave at most κ.</param>
/// <param name="SpanL0">L0 of results per subject that span periods: 2κ, since dropping a unit can push κ groups of its subject out and κ in.</param>
/// <param name="SpanKappa">κ as it is applied to the groups of a whole subject.</param>
/// <param name="SpanRanked">Whether groups of a whole subject have to be dropped.</param>
/// <param name="Spans">Whether some cell meets more than one unit of a subject.</param>
/// <param name="L0">κ; where rows couple units 2κ.</param>
/// <param name="Coupled">
/// Whether rows depend on several units of their subject, as a funnel's do under a period unit: then groups are those of whole subjects, and a unit that is
/// left out can take κ of them away and bring κ others, or change κ of them from any contribution to any other.
/// </param>
internal sealed record Nesting(int Kappa, bool Ranked, long SpanL0, int SpanKappa, bool SpanRanked, bool Spans, long L0, bool Coupled)
{
    /// <summary>The nesting of a shape.</summary>
    /// <param name="kappa">κ asked for.</param>
    /// <param name="cells">Public cells; null where a key is selected privately.</param>
    /// <param name="cellsPerUnit">The most public cells that one unit can meet; null where a key is selected privately.</param>
    /// <param name="spans">Whether some cell meets more than one unit of a subject.</param>
    /// <param name="coupled">Whether rows depend on several units of their subject; <paramref name="cellsPerUnit"/> are then those of a whole subject.</param>
    public static Nesting For(int kappa, int? cells, int? cellsPerUnit, bool spans, bool coupled = false)
    {
        if (coupled)
            return Couple(kappa, cellsPerUnit);
        bool ranked = cellsPerUnit is not { } unit || unit > kappa;
        bool spanRanked = cells is not { } all || all > kappa;
        long spanL0 = spanRanked ? 2L * kappa : Math.Min(2L * kappa, cellsPerUnit!.Value);
        return new Nesting(
            ranked ? kappa : cellsPerUnit!.Value,
            ranked,
            cells is { } most ? Math.Min(most, spanL0) : spanL0,
            spanRanked ? kappa : cells!.Value,
            spanRanked,
            spans,
            ranked ? kappa : cellsPerUnit!.Value,
            false);
    }

    private static Nesting Couple(int kappa, int? groups)
    {
        bool ranked = groups is not { } most || most > kappa;
        int kept = ranked ? kappa : groups!.Value;
        long changed = 2L * kept;
        return new Nesting(kept, ranked, changed, kept, ranked, true, changed, true);
    }
}
