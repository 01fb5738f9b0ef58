using System.Text.Json.Serialization;

namespace Opaline.Libraries.Tests.Client.Linq;

/// <summary>Names the fields of a dataset; never made.</summary>
public sealed record Visit
{
    public required string Country { get; init; }

    public string? Plan { get; init; }

    public decimal Amount { get; init; }

    public int? Age { get; init; }

    public int Quantity { get; init; }

    public char Grade { get; init; }

    public bool Vip { get; init; }

    public DateTimeOffset Timestamp { get; init; }

    public DateOnly Birthday { get; init; }

    public Device Device { get; init; }

    public required VisitMetadata Metadata { get; init; }

    [JsonPropertyName("session.length")]
    public double Length { get; init; }
}

/// <summary>Fields under <c>metadata</c>.</summary>
public sealed record VisitMetadata
{
    public required string Browser { get; init; }

    public string? Language { get; init; }
}

/// <summary>Values of a field.</summary>
public enum Device
{
    /// <summary>phone</summary>
    Phone,

    /// <summary>desk_top</summary>
    DeskTop,
}
