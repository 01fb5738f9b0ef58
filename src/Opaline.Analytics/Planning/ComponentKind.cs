namespace Opaline.Analytics;

/// <summary>Integers that the engine adds up.</summary>
internal enum ComponentKind
{
    /// <summary>Rows of a unit in a group, at most L.</summary>
    Rows,

    /// <summary>Rows with a value of the measured field, at most L.</summary>
    ValueRows,

    /// <summary>Sum of grid values, clamped to L times the value bounds.</summary>
    Sum,

    /// <summary>Sum of doubled grid values less the doubled middle, clamped to ±L times their width.</summary>
    CentredSum,

    /// <summary>1 for each unit.</summary>
    Units,

    /// <summary>1 for each subject, over all of its units.</summary>
    Subjects,
}
