namespace Opaline.Analytics;

/// <summary>Comparisons. All are total: none can fail for a value of the field's type.</summary>
public enum ConditionOperator
{
    /// <summary>Equal.</summary>
    Equal,

    /// <summary>Has a value, another one.</summary>
    NotEqual,

    /// <summary>Equal to one of several.</summary>
    In,

    /// <summary>Less; numbers, dates and instants only.</summary>
    Less,

    /// <summary>Less or equal; numbers, dates and instants only.</summary>
    LessOrEqual,

    /// <summary>Greater; numbers, dates and instants only.</summary>
    Greater,

    /// <summary>Greater or equal; numbers, dates and instants only.</summary>
    GreaterOrEqual,

    /// <summary>Has no value.</summary>
    IsNull,

    /// <summary>Has a value.</summary>
    IsNotNull,
}
