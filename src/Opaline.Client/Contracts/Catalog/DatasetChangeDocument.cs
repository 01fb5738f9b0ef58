namespace Opaline.Client.Contracts;

/// <summary>Body of <c>PATCH /datasets/{name}</c>: what is absent stays.</summary>
public sealed record DatasetChangeDocument
{
    /// <summary>Contribution bounds of queries that name none, such as a release of <c>contributions</c> proposed.</summary>
    public ContributionDocument? Contribution { get; init; }

    /// <summary>The fewest distinct units of a key without a public domain that may ever be told.</summary>
    public int? MinimumUnits { get; init; }

    /// <summary>What becomes of a person's rows when the person is erased: <c>delete</c> or <c>anonymize</c>.</summary>
    public string? ErasedRows { get; init; }
}
