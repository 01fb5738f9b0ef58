namespace Opaline.Catalog;

/// <summary>What a <see cref="StoredType.Decimal"/> column holds: 18 digits, 6 of them after the point.</summary>
public static class StoredDecimal
{
    private const int Places = 6;
    private const decimal Limit = 1_000_000_000_000m;

    /// <summary>Whether the column holds it exactly.</summary>
    public static bool Holds(decimal value) => Math.Abs(value) < Limit && decimal.Round(value, Places) == value;
}
