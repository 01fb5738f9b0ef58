namespace Opaline.Client.Contracts;

/// <summary>A counter of the running period.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Dataset">Its dataset.</param>
/// <param name="Unit">The privacy unit that the cost protects.</param>
/// <param name="TimeZone">Zone of the period.</param>
/// <param name="From">Start of the period.</param>
/// <param name="To">End of the period.</param>
/// <param name="AsOf">The public tick up to which it has counted, UTC.</param>
/// <param name="Step">The public step in which that tick lies, from 1.</param>
/// <param name="Steps">The steps of the period: the counter moves at most once in each.</param>
/// <param name="RowsPerUnit">The most rows of one unit that count.</param>
/// <param name="Value">The rows so far, with their 95 % interval.</param>
/// <param name="Cost">What this look cost: nothing after the first of the period.</param>
/// <param name="Accounts">The accounts that pay, with what is left.</param>
public sealed record LiveCounterDocument(
    string Metric,
    string Dataset,
    string Unit,
    string TimeZone,
    DateTime From,
    DateTime To,
    DateTime AsOf,
    int Step,
    int Steps,
    int RowsPerUnit,
    AnswerValueDocument Value,
    CostDocument Cost,
    IReadOnlyList<AccountDocument> Accounts);
