namespace Opaline.Catalog;

/// <summary>What a field is for.</summary>
public enum FieldRole
{
    /// <summary>Whom a row is about; one per dataset; always tokenized.</summary>
    Subject,

    /// <summary>When; one per dataset.</summary>
    Time,

    /// <summary>Something to filter or group by.</summary>
    Dimension,

    /// <summary>Something to add up; has public bounds and a granularity.</summary>
    Measure,

    /// <summary>Free text; never asked about.</summary>
    Text,
}
