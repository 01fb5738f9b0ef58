namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// A case: the samples to draw and the claims on them. A vote draws anew and is independent of the others; claims may share its samples.
/// </summary>
internal interface ITrial
{
    IReadOnlyList<Claim> Claims { get; }

    /// <summary>One verdict for each claim: whether its samples were accepted.</summary>
    bool[] Vote();
}
