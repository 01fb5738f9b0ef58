namespace Opaline.Storage;

/// <summary>A field as the control store holds it. Its number is never used again, as it names a column.</summary>
internal sealed class FieldRow
{
    public long Id { get; set; }

    public long DatasetId { get; set; }

    public int Position { get; set; }

    public required string Name { get; set; }

    public required string Type { get; set; }

    public required string Role { get; set; }

    public required string Level { get; set; }

    public required string Category { get; set; }

    public required string State { get; set; }

    public required string Source { get; set; }

    public required string Treatment { get; set; }

    public string? Generalizer { get; set; }

    public string? TokenFormatJson { get; set; }

    public string? DomainJson { get; set; }

    public string? MeasureLower { get; set; }

    public string? MeasureUpper { get; set; }

    public string? MeasureGranularity { get; set; }
}
