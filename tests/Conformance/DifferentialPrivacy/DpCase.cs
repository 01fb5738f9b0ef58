namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>A case of a file.</summary>
internal sealed record DpCase(string File, int Number, string Name, ITrial Trial)
{
    public override string ToString() => $"{File} {Number}: {Name}";
}
