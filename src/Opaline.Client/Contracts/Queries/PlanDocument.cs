namespace Opaline.Client.Contracts;

/// <summary>How a query is answered. Made of the catalog only, never of data.</summary>
/// <param name="Dataset">Which dataset.</param>
/// <param name="DatasetVersion">Version of its schema.</param>
/// <param name="Unit">The privacy unit that the cost protects.</param>
/// <param name="TimeZone">Zone of the periods.</param>
/// <param name="From">Start of the range.</param>
/// <param name="To">End of the range.</param>
/// <param name="Keys">The grouping keys.</param>
/// <param name="KeySource"><c>none</c>, <c>public</c> (every cell answers) or <c>private</c> (cells of few people stay away).</param>
/// <param name="Cells">Number of public cells, or the cap under private keys.</param>
/// <param name="Contribution">Contribution bounds in force.</param>
/// <param name="Mechanism"><c>discrete_gaussian</c> or <c>discrete_laplace</c>.</param>
/// <param name="Confidence">Confidence of the margins.</param>
/// <param name="Measures">The measures with their noise.</param>
/// <param name="Hash">Identity of the plan: equal plans replay.</param>
public sealed record PlanDocument(
    string Dataset,
    int DatasetVersion,
    string Unit,
    string TimeZone,
    DateTime From,
    DateTime To,
    IReadOnlyList<string> Keys,
    string KeySource,
    long Cells,
    ContributionDocument Contribution,
    string Mechanism,
    double Confidence,
    IReadOnlyList<PlanMeasureDocument> Measures,
    string Hash);
