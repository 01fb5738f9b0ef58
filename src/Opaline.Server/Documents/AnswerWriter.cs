using Opaline.Analytics;
using Opaline.Client.Contracts;

namespace Opaline.Server.Documents;

/// <summary>From a released answer to its document.</summary>
internal static class AnswerWriter
{
    public static AnswerDocument Write(Answer answer) => new(
        answer.ReleaseId,
        answer.Replayed,
        answer.AsOf,
        answer.Epoch,
        [.. answer.Table.Rows.Select(row => Row(row, answer.Table))],
        PlanDocuments.Write(answer.Plan),
        PlanDocuments.Write(answer.Cost),
        AccountDocuments.Write(answer.Cost.Accounts))
    {
        RolledUpFrom = answer.RolledUpFrom,
        Proposed = answer.Proposed is { } proposed
            ? new ProposedBoundsDocument(
                proposed.Contribution is { } bounds ? new ContributionDocument(bounds.Groups, bounds.RowsPerGroup) : null,
                proposed.Clamp is { } clamp ? [clamp.Lower, clamp.Upper] : null)
            : null,
    };

    public static LiveCounterDocument Write(LiveAnswer look) => new(
        look.Metric,
        look.Plan.Dataset,
        look.Plan.Unit,
        look.Plan.TimeZone,
        look.Plan.From,
        look.Plan.To,
        look.AsOf,
        look.Step,
        look.Steps,
        look.Plan.RowsPerGroup,
        new AnswerValueDocument(look.Value.Value, look.Value.Margin95, look.Value.Low, look.Value.High),
        PlanDocuments.Write(look.Cost),
        AccountDocuments.Write(look.Cost.Accounts));

    private static AnswerRowDocument Row(AnswerTableRow row, AnswerTable table)
    {
        Dictionary<string, string?> keys = new(StringComparer.Ordinal);
        for (int i = 0; i < row.Keys.Length; i++)
            keys[table.Keys[i]] = row.Keys[i];
        Dictionary<string, AnswerValueDocument> values = new(StringComparer.Ordinal);
        for (int i = 0; i < row.Values.Length; i++)
        {
            // What is missing is left out.
            if (row.Values[i] is { } value)
                values[table.Values[i]] = new AnswerValueDocument(value.Value, value.Margin95, value.Low, value.High);
        }

        return new AnswerRowDocument(keys, values);
    }
}
