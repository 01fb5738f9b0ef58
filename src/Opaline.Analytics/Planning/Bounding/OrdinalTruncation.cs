using System.Numerics;

namespace Opaline.Analytics;

/// <summary>Contribution bounds kept by filters on the ordinals of sealed rows, in place of grouping by unit.</summary>
/// <param name="RowBounds">What the filters keep of one unit.</param>
/// <param name="UnitBounds">What <c>row_in_group = 1</c> leaves of that, the distinct units of each cell; null where these are not counted.</param>
internal sealed record OrdinalTruncation(OrdinalBounds RowBounds, OrdinalBounds? UnitBounds)
{
    /// <summary>What one unit can change; each row is clamped by itself.</summary>
    public Sensitivity SensitivityOf(ComponentShape shape)
    {
        OrdinalBounds bounds = shape.Kind == ComponentKind.Units
            ? UnitBounds ?? throw new InvalidOperationException("No rule counts units by their ordinals here.")
            : RowBounds;
        BigInteger clamp = shape.MaxChange(1);
        return new Sensitivity((long)bounds.L0, bounds.MaxChange(clamp), bounds.L1(clamp), bounds.SquaredL2(clamp));
    }
}
