using System.Globalization;

namespace Opaline.Analytics;

/// <summary>A constant of an expression, not yet read as the type of what it meets.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text; a number in its shortest decimal form; <c>true</c> or <c>false</c>.</param>
public readonly record struct Literal(LiteralKind Kind, string Text)
{
    /// <summary>A text.</summary>
    public static Literal Of(string text) => new(LiteralKind.Text, text);

    /// <summary>A number.</summary>
    public static Literal Of(decimal number) => new(LiteralKind.Number, (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));

    /// <summary>True or false.</summary>
    public static Literal Of(bool value) => new(LiteralKind.Boolean, value ? "true" : "false");
}
