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

    /// <summary>Name of the first dataset that it reads: the one that decides unit, zone and scope.</summary>
    public abstract string Dataset { get; }

    /// <summary>The rows of the dataset of that name; null for null.</summary>
    [return: NotNullIfNotNull(nameof(dataset))]
    public static implicit operator Source?(string? dataset) => dataset is null ? null : Rows(dataset);

    /// <summary>The rows of the dataset of that name.</summary>
    public static DatasetSource Rows(string dataset) => new(dataset);
}
