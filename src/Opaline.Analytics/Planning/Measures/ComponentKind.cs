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

    /// <summary>Sum of 2c² − w², where c is what <see cref="CentredSum"/> adds up and w its greatest size; clamped to ±L·w².</summary>
    CentredSquares,

    /// <summary>1 for each unit.</summary>
    Units,

    /// <summary>1 for each subject, over all of its units.</summary>
    Subjects,

    /// <summary>Distinct values, at most L of each unit in a group.</summary>
    Values,

    /// <summary>Rows by bin of their number, at most L of each unit in a group.</summary>
    BinRows,

    /// <summary>Units by bin of the number of groups that they are in.</summary>
    UnitGroups,

    /// <summary>Units by bin of the number of rows that they have in the group where they have the most.</summary>
    UnitRows,
}
