using System.Collections.Immutable;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>A plan that answers one question, or several that were made one, and the release that answers it if there is one.</summary>
/// <param name="Plan">The plan; of several questions that of all of them.</param>
/// <param name="Questions">The plans of the questions, in the order of their measures in <paramref name="Plan"/>, which is not that in which they were asked.</param>
/// <param name="Release">What answers it; null if it has to be charged.</param>
/// <param name="RolledUpFrom">Id of the release that <paramref name="Release"/> was computed from; null if it is one itself.</param>
internal sealed record JointPlan(QueryPlan Plan, ImmutableArray<QueryPlan> Questions, ReleasedAnswer? Release = null, string? RolledUpFrom = null)
{
    public JointPlan(ImmutableArray<QueryPlan> questions)
        : this(PlanMerger.Merge(questions), PlanMerger.Ordered(questions))
    {
    }

    /// <summary>The SQL of those questions that the plan answers, without literals; null if none was asked in it.</summary>
    public string? Text(ImmutableArray<Question> asked)
    {
        string[] texts = [.. asked.Where(a => Questions.Any(q => q.HashText == a.Plan.HashText)).Select(a => a.Text).OfType<string>().Distinct(StringComparer.Ordinal)];
        return texts.Length == 0 ? null : string.Join("; ", texts);
    }

    /// <summary>The summary of a question's part of the plan; what it shares with those before it costs it nothing.</summary>
    public PlanSummary Summary(QueryPlan question, PlanSummary whole)
    {
        (int first, int count) = Place(question);
        return Questions.Length == 1 ? whole : whole.Part(first, count);
    }

    /// <summary>A question's part of the plan's cost.</summary>
    public AnswerCost Cost(QueryPlan question, PlanSummary part, ImmutableArray<AccountBalance> balances)
    {
        if (Questions.Length == 1)
            return new AnswerCost(Plan.Cost.Value, Plan.Epsilon, Plan.Delta, (long)Plan.DeltaCost.Value, balances);
        NanoRho cost = new(part.Measures.Sum(m => m.NanoRho) + (part.Selection?.NanoRho ?? 0));
        return new AnswerCost(
            cost.Value,
            cost.Value == 0 ? 0 : Zcdp.EpsilonFor(cost, Plan.ConversionDelta),
            Plan.Delta,
            Place(question).First == 0 ? (long)Plan.DeltaCost.Value : 0,
            balances);
    }

    /// <summary>A question's answer, out of the release of the plan.</summary>
    public Answer Answer(QueryPlan question, ReleasedAnswer release, ImmutableArray<AccountBalance> balances)
    {
        (int first, int count) = Place(question);
        ReleasedAnswer part = Questions.Length == 1 ? release : release.Part(first, count);
        AnswerCost cost = Release is null ? Cost(question, part.Plan, balances) : new AnswerCost(0, 0, Plan.Delta, 0, balances);
        return part.Answer(Release is not null, cost, RolledUpFrom);
    }

    /// <summary>The places of a question's measures in the plan.</summary>
    public (int First, int Count) Place(QueryPlan question)
    {
        int first = 0;
        foreach (QueryPlan other in Questions)
        {
            if (other.HashText == question.HashText)
                break;
            first += other.Measures.Length;
        }

        return (first, question.Measures.Length);
    }
}
