namespace Opaline.Catalog;

/// <summary>What becomes of a person's rows when the person is erased.</summary>
public enum ErasedRows
{
    /// <summary>They are deleted.</summary>
    Delete,

    /// <summary>
    /// They stay under a new number that belongs to nobody, without what was sealed and without tokens. A person who returns is then two units: said in the
    /// receipt, and wherever the dataset is shown.
    /// </summary>
    Anonymize,
}
