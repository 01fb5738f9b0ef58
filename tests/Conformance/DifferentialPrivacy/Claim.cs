namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>What a vote decides on: samples of the mechanism, which are to be accepted, or of a twin that is wrong by the file's factor, which are not.</summary>
internal sealed record Claim(string Name, bool Accepted);

/// <summary>A case: the samples to draw and the claims on them. A vote draws anew and is independent of the others; claims may share its samples.</summary>
internal interface ITrial
{
    IReadOnlyList<Claim> Claims { get; }

    /// <summary>One verdict for each claim: whether its samples were accepted.</summary>
    bool[] Vote();
}

/// <summary>A case of a file.</summary>
internal sealed record DpCase(string File, int Number, string Name, ITrial Trial)
{
    public override string ToString() => $"{File} {Number}: {Name}";
}
