using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>One vector of integers that the engine adds up and that gets noise.</summary>
/// <param name="Shape">What is added up.</param>
/// <param name="RowsPerGroup">L.</param>
/// <param name="Sensitivity">What one unit can change.</param>
/// <param name="Scale">What is added to it; null where exact coins tell keys by it and it is never shown itself.</param>
/// <param name="Cost">What that costs.</param>
internal sealed record Component(ComponentShape Shape, int RowsPerGroup, Sensitivity Sensitivity, NoiseScale? Scale, NanoRho Cost)
{
    /// <summary>Whether it is grouped by whole subjects although the unit is shorter.</summary>
    public bool Spans => Shape.Kind == ComponentKind.Subjects;

    /// <summary>What is added to it.</summary>
    public NoiseScale Noise => Scale ?? throw new InvalidOperationException("What has no noise is not released.");

    /// <summary>The interval to which a unit's partial sum is clamped.</summary>
    public (long Lower, long Upper) Clamp => Shape.Clamp(RowsPerGroup);
}
