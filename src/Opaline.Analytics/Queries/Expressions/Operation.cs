namespace Opaline.Analytics;

/// <summary>
/// What can be done with the values of a row. All are total: none can fail for any value, and where SQL would (a division by zero) the result is missing.
/// Unless said otherwise a missing argument makes the result missing; conditions follow SQL's three-valued logic.
/// </summary>
public enum Operation
{
    /// <summary>Sum of two numbers.</summary>
    Add,

    /// <summary>Difference of two numbers.</summary>
    Subtract,

    /// <summary>Product of two numbers.</summary>
    Multiply,

    /// <summary>Quotient of two numbers, rounded to the nearest millionth where it is none; missing where the second is zero.</summary>
    Divide,

    /// <summary>A number with the other sign.</summary>
    Negate,

    /// <summary>A number without its sign.</summary>
    Absolute,

    /// <summary>The largest whole number that is not above the number.</summary>
    Floor,

    /// <summary>The start of the bucket that a number falls into: number, width above 0 (a constant).</summary>
    Bucket,

    /// <summary>The least of two or more numbers; missing ones do not count.</summary>
    Least,

    /// <summary>The greatest of two or more numbers; missing ones do not count.</summary>
    Greatest,

    /// <summary>Equal.</summary>
    Equal,

    /// <summary>Both there, and different.</summary>
    NotEqual,

    /// <summary>Less; numbers, dates and instants.</summary>
    Less,

    /// <summary>Less or equal; numbers, dates and instants.</summary>
    LessOrEqual,

    /// <summary>Greater; numbers, dates and instants.</summary>
    Greater,

    /// <summary>Greater or equal; numbers, dates and instants.</summary>
    GreaterOrEqual,

    /// <summary>Equal to one of several constants: value, constants.</summary>
    In,

    /// <summary>Missing.</summary>
    IsNull,

    /// <summary>There.</summary>
    IsNotNull,

    /// <summary>All of two or more conditions.</summary>
    And,

    /// <summary>One of two or more conditions.</summary>
    Or,

    /// <summary>The opposite of a condition.</summary>
    Not,

    /// <summary>The value after the first condition that holds: condition, value, condition, value, …, and perhaps the value where none does, else missing.</summary>
    Case,

    /// <summary>The first of two or more values that is there.</summary>
    Coalesce,

    /// <summary>The start of the calendar period: <c>day</c>, <c>week</c>, <c>month</c> (a constant), a date; or, as a key alone, of these or <c>hour</c>, the dataset's time.</summary>
    Truncate,

    /// <summary>
    /// A part of the dataset's time in the question's zone, or of a date: <c>hour</c> 0–23, <c>day_of_week</c> 1 (Monday) – 7, <c>day</c> 1–31,
    /// <c>month</c> 1–12, <c>quarter</c> 1–4, <c>year</c> (a constant), the time or date.
    /// </summary>
    Extract,

    /// <summary>The first characters of a text: text, how many (a constant, 1 to 64).</summary>
    Prefix,

    /// <summary>Whether a text begins with a constant: text, constant.</summary>
    StartsWith,
}
