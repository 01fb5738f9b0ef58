namespace Opaline.Storage;

/// <summary>A metric as the control store holds it.</summary>
internal sealed class MetricRow
{
    public long DatasetId { get; set; }

    public required string Name { get; set; }

    public required string QueryJson { get; set; }

    public bool ListedForViewers { get; set; }
}
