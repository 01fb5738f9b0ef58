namespace Opaline.Client.Contracts;

/// <summary>How a query is answered. Made of the catalog only, never of data.</summary>
/// <param name="Hash">Identity of the plan: equal plans replay.</param>
/// <param name="Dataset">Which dataset.</param>
/// <param name="DatasetVersion">Version of its schema.</param>
/// <param name="Unit">The privacy unit that the cost protects.</param>
/// <param name="TimeZone">Zone of the periods.</param>
/// <param name="From">Start of the range.</param>
/// <param name="To">End of the range.</param>
/// <param name="RangeSetBy"><c>request</c>, <c>declared_range</c> or <c>last_30_periods</c>.</param>
/// <param name="Keys">The grouping keys.</param>
/// <param name="Cells">Number of public cells; absent where keys are selected privately.</param>
/// <param name="Contribution">Contribution bounds in force.</param>
/// <param name="BoundsSetBy">
/// <c>request</c>, <c>dataset</c>, <c>form</c> (a behaviour such as a funnel has bounds of its own) or <c>release:</c> and the id of the release that
/// proposed them.
/// </param>
/// <param name="Ranked">Whether a unit's groups beyond the bound are dropped; false where there cannot be more.</param>
/// <param name="Mechanism"><c>discrete_gaussian</c> or <c>discrete_laplace</c>.</param>
/// <param name="Measures">The measures with their noise.</param>
/// <param name="Selection">How keys are selected; absent for public keys.</param>
/// <param name="Blocks">For a period unit the number of blocks that pay, else 1.</param>
public sealed record PlanDocument(
    string Hash,
    string Dataset,
    int DatasetVersion,
    string Unit,
    string TimeZone,
    DateTime From,
    DateTime To,
    string RangeSetBy,
    IReadOnlyList<PlanKeyDocument> Keys,
    int? Cells,
    ContributionDocument Contribution,
    string BoundsSetBy,
    bool Ranked,
    string Mechanism,
    IReadOnlyList<PlanMeasureDocument> Measures,
    PlanSelectionDocument? Selection,
    long Blocks)
{
    /// <summary>How contributions are bounded: <c>nested</c>, or <c>ordinals</c> where all of the range's windows are sealed and a rule allows it.</summary>
    public string Truncation { get; init; } = "nested";

    /// <summary>With ordinals, how many days (and actions) of a unit count in each window; absent if they need no bound.</summary>
    public int? GroupsPerWindow { get; init; }

    /// <summary>With ordinals, how many rows of a unit count in each window; absent if they are bounded by group.</summary>
    public int? RowsPerWindow { get; init; }

    /// <summary>Of joined rows that multiply, how many each side brings of a unit, or of a public dataset with one value of what is joined on, by lot; absent without such a join.</summary>
    public int? RowsPerSide { get; init; }
}
