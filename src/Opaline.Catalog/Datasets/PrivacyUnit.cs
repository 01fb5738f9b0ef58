namespace Opaline.Catalog;

/// <summary>Whose presence or absence an answer hides: what one "unit" is.</summary>
public enum PrivacyUnit
{
    /// <summary>A person's whole history.</summary>
    Subject,

    /// <summary>A person in one calendar day of the dataset's zone.</summary>
    SubjectPerDay,

    /// <summary>A person in one ISO week (Monday first) of the dataset's zone.</summary>
    SubjectPerWeek,

    /// <summary>A person in one calendar month of the dataset's zone.</summary>
    SubjectPerMonth,
}
