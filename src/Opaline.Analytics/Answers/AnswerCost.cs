using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>What a call costs.</summary>
/// <param name="NanoRho">zCDP ρ in billionths; 0 for a replay.</param>
/// <param name="Epsilon">ε of the call by itself, at <paramref name="Delta"/>, rounded up; 0 for a replay.</param>
/// <param name="Delta">The δ at which <paramref name="Epsilon"/> holds.</param>
/// <param name="AttoDelta">δ that the ledger was charged with (private key selection), in 1e-18; 0 for public keys.</param>
/// <param name="Accounts">The accounts it is charged to, with what is left in each.</param>
public sealed record AnswerCost(long NanoRho, double Epsilon, double Delta, long AttoDelta, ImmutableArray<AccountBalance> Accounts)
{
    /// <summary>What a new release of a plan costs.</summary>
    internal static AnswerCost Of(QueryPlan plan, ImmutableArray<AccountBalance> accounts) => new(plan.Cost.Value, plan.Epsilon, plan.Delta, plan.AttoDelta, accounts);

    /// <summary>What is answered at no cost.</summary>
    internal static AnswerCost Free(double delta, ImmutableArray<AccountBalance> accounts) => new(0, 0, delta, 0, accounts);
}
