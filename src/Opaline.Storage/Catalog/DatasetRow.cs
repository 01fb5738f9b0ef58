namespace Opaline.Storage;

/// <summary>A dataset as the control store holds it.</summary>
internal sealed class DatasetRow
{
    public long Id { get; set; }

    public required string Tenant { get; set; }

    public required string Name { get; set; }

    public int Version { get; set; }

    public required string SubjectScope { get; set; }

    public required string TimeZone { get; set; }

    public required string Unit { get; set; }

    public long RangeFrom { get; set; }

    public long RangeTo { get; set; }

    public int BoundGroups { get; set; }

    public int BoundRows { get; set; }

    public long MaxAgeSeconds { get; set; }

    public int MinimumUnits { get; set; } = 1;

    public string ErasedRows { get; set; } = "Delete";

    public List<FieldRow> Fields { get; } = [];

    public List<MetricRow> Metrics { get; } = [];
}
