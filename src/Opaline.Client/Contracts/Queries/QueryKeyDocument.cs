namespace Opaline.Client.Contracts;

/// <summary>One grouping key: a field or a period, not both.</summary>
public sealed record QueryKeyDocument
{
    /// <summary>A dimension.</summary>
    public string? Field { get; init; }

    /// <summary><c>hour</c>, <c>day</c>, <c>week</c> or <c>month</c> of the dataset's time.</summary>
    public string? Period { get; init; }
}
