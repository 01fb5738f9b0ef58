namespace Opaline.Access;

/// <summary>What a call needs.</summary>
public enum Permission
{
    /// <summary>Send events.</summary>
    SendEvents,

    /// <summary>Plan and run private queries, which spend budget.</summary>
    Query,

    /// <summary>Read released answers of listed metrics; spends nothing.</summary>
    ReadReleases,

    /// <summary>See datasets, confirmed fields and metrics.</summary>
    ReadCatalog,

    /// <summary>Declare datasets, fields and metrics, and see unconfirmed fields.</summary>
    ManageCatalog,

    /// <summary>See budgets.</summary>
    ReadBudget,

    /// <summary>Search the audit log.</summary>
    ReadAudit,

    /// <summary>Turn a raw identifier into an opaque id.</summary>
    LookUpSubjects,

    /// <summary>See what is behind tokens, and everything about a person.</summary>
    RevealValues,

    /// <summary>Erase a person.</summary>
    EraseSubjects,

    /// <summary>Rotate keys, and disable or destroy versions of them.</summary>
    ManageKeys,

    /// <summary>See the operator's figures, which lie outside the guarantee.</summary>
    ReadOperations,
}
