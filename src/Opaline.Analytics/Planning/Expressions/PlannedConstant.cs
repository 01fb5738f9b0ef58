using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A constant that has been read as the type of what it meets.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Type">The column type that it is compared with; of a number on a grid null.</param>
/// <param name="Text">Its canonical text.</param>
internal sealed record PlannedConstant(ValueKind Kind, StoredType? Type, string Text) : PlannedExpression(Kind)
{
    // With its length: no text can look like the rest of an expression.
    public override string Canonical => string.Create(CultureInfo.InvariantCulture, $"constant({Kind},{Text.Length}:{Text})");
}
