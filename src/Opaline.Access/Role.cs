namespace Opaline.Access;

/// <summary>What a caller may be. One role per caller; Ingest is never held together with Analyst.</summary>
public enum Role
{
    /// <summary>Full access, the only one that reveals. Nobody changes the log.</summary>
    Admin,

    /// <summary>De-identified answers: differentially private queries.</summary>
    Analyst,

    /// <summary>Released answers of listed metrics.</summary>
    Viewer,

    /// <summary>Audit log and evidence, never data.</summary>
    Auditor,

    /// <summary>Sends events.</summary>
    Ingest,
}
