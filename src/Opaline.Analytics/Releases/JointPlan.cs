using System.Collections.Immutable;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>A plan that answers one question, or several that were made one, with what becomes of it: a release that was found, or a charge and then a new release.</summary>
/// <param name="Plan">The plan; of several questions that of all of them.</param>
/// <param name="Questions">The plans of the questions, in the order of their measures in <paramref name="Plan"/>, which is not that in which they were asked.</param>
internal sealed record JointPlan(QueryPlan Plan, ImmutableArray<QueryPlan> Questions)
{
    public JointPlan(ImmutableArray<QueryPlan> questions)
        : this(PlanMerger.Merge(questions), PlanMerger.Ordered(questions))
    {
    }

    public JointPlan(Question question)
        : this(question.Plan, [question.Plan])
    {
        Text = question.Text;
    }

    /// <summary>The SQL of the questions, without literals; null if none was asked in it.</summary>
    public string? Text { get; init; }

    /// <summary>What answers it; null until there is one.</summary>
    public ReleasedAnswer? Release { get; init; }

    /// <summary>Id of the release that <see cref="Release"/> was computed from; null if it is one itself.</summary>
    public string? RolledUpFrom { get; init; }

    /// <summary>The charge under which the release is made; null if it was there before.</summary>
    public Voucher? Voucher { get; init; }

    /// <summary>The plan with the texts of those questions that it answers.</summary>
    public JointPlan AskedBy(IEnumerable<Question> asked)
    {
        string[] texts = [.. asked.Where(a => Questions.Any(q => q.HashText == a.Plan.HashText)).Select(a => a.Text).OfType<string>().Distinct(StringComparer.Ordinal)];
        return this with { Text = texts.Length == 0 ? null : string.Join("; ", texts) };
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
            return AnswerCost.Of(Plan, balances);
        NanoRho cost = new(part.Measures.Sum(m => m.NanoRho) + (part.Selection?.NanoRho ?? 0));
        return new AnswerCost(
            cost.Value,
            cost.Value == 0 ? 0 : Zcdp.EpsilonFor(cost, Plan.ConversionDelta),
            Plan.Delta,
            Place(question).First == 0 ? Plan.AttoDelta : 0,
            balances);
    }

    /// <summary>A question's answer, out of the release of the plan; what an earlier call has paid costs nothing now.</summary>
    public Answer Answer(QueryPlan question, ImmutableArray<AccountBalance> balances)
    {
        (int first, int count) = Place(question);
        ReleasedAnswer part = Questions.Length == 1 ? Release! : Release!.Part(first, count);
        AnswerCost cost = Voucher is { IsNew: true } ? Cost(question, part.Plan, balances) : AnswerCost.Free(Plan.Delta, balances);
        return part.Answer(Voucher is null, cost, RolledUpFrom);
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
