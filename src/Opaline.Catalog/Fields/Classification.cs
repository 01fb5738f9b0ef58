namespace Opaline.Catalog;

/// <summary>How sensitive a field is, of what kind, and who says so.</summary>
/// <param name="Level">Public &lt; Internal &lt; Confidential &lt; Restricted.</param>
/// <param name="Category">A category of the fideslang taxonomy, such as <c>user.contact.email</c>.</param>
/// <param name="State">Analysts see Confirmed fields only.</param>
/// <param name="Source">Manual wins and is never overwritten by a detector.</param>
public sealed record Classification(ClassificationLevel Level, string Category, ClassificationState State, ClassificationSource Source);

/// <summary>Sensitivity levels, lowest first.</summary>
public enum ClassificationLevel
{
    /// <summary>May be known to anyone.</summary>
    Public,

    /// <summary>For the organisation.</summary>
    Internal,

    /// <summary>Personal data.</summary>
    Confidential,

    /// <summary>Personal data whose loss harms: payment, health, credentials.</summary>
    Restricted,
}

/// <summary>Whether a person has looked at the classification.</summary>
public enum ClassificationState
{
    /// <summary>By a detector; invisible to analysts.</summary>
    Suggested,

    /// <summary>By an admin.</summary>
    Confirmed,

    /// <summary>An admin refused the suggestion; invisible to analysts.</summary>
    Rejected,
}

/// <summary>Who classified.</summary>
public enum ClassificationSource
{
    /// <summary>The detectors.</summary>
    Auto,

    /// <summary>A person.</summary>
    Manual,
}
