namespace Opaline.Analytics;

/// <summary>The rows of a dataset.</summary>
/// <param name="Name">Name of the dataset.</param>
/// <param name="Alias">Its name in a join, by which its fields are told apart; null for <paramref name="Name"/>.</param>
public sealed record DatasetSource(string Name, string? Alias = null) : Source
{
    /// <inheritdoc />
    public override string Dataset => Name;
}
