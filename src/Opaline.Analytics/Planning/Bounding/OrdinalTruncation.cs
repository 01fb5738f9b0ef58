using System.Numerics;

namespace Opaline.Analytics;

/// <summary>Contribution bounds kept by filters on the ordinals of sealed rows, in place of grouping by unit.</summary>
/// <param name="Rows">What the filters keep of one unit.</param>
/// <param name="Units">What <c>row_in_group = 1</c> leaves of that, the distinct units of each cell; null where these are not counted.</param>
internal sealed record OrdinalTruncation(OrdinalBounds Rows, OrdinalBounds? Units)
{
    /// <summary>What one unit can change; each row is clamped by itself.</summary>
    public Sensitivity SensitivityOf(ComponentShape shape)
    {
        OrdinalBounds bounds = shape.Kind == ComponentKind.Units
            ? Units ?? throw new InvalidOperationException("No rule counts units by their ordinals here.")
            : Rows;
        BigInteger clamp = shape.MaxChange(1);
        return new Sensitivity((long)bounds.Cells, bounds.MaxChange(clamp), bounds.L1(clamp), bounds.SquaredL2(clamp));
    }
}
