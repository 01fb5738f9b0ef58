using System.Diagnostics.CodeAnalysis;

namespace Opaline.Analytics;

/// <summary>
/// What a question reads: the rows of a dataset, or rows that are made of them. Every source has rows about subjects and carries the subject along, so that
/// what one unit contributes is bounded after the last of its joins and aggregations.
/// </summary>
public abstract record Source
{
    private protected Source()
    {
    }

    /// <summary>The text of the question that it came from, such as a piece of SQL; null where a JSON path names it. No part of what is asked.</summary>
    public string? Fragment { get; init; }

    /// <summary>Name of the first dataset that it reads: the one that decides unit, zone and scope.</summary>
    public abstract string Dataset { get; }

    /// <summary>The rows of the dataset of that name; null for null.</summary>
    [return: NotNullIfNotNull(nameof(dataset))]
    public static implicit operator Source?(string? dataset) => dataset is null ? null : Rows(dataset);

    /// <summary>The rows of the dataset of that name.</summary>
    public static DatasetSource Rows(string dataset) => new(dataset);

    /// <inheritdoc />
    public virtual bool Equals(Source? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc />
    public override int GetHashCode() => EqualityContract.GetHashCode();
}
