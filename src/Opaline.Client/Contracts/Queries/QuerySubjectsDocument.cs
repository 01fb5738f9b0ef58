namespace Opaline.Client.Contracts;

/// <summary>One row per subject, or per subject and keys, with bounded numbers: a subquery that carries the subject out. Its time is the subject's first.</summary>
public sealed record QuerySubjectsDocument
{
    /// <summary>The numbers, which are fields of the rows; at least one.</summary>
    public required IReadOnlyList<QuerySubjectValueDocument> Values { get; init; }

    /// <summary>Conditions on the rows that are summed up.</summary>
    public IReadOnlyList<QueryExpressionDocument>? Where { get; init; }

    /// <summary>Keys that make several rows of a subject; fields only.</summary>
    public IReadOnlyList<QueryKeyDocument>? GroupBy { get; init; }
}
