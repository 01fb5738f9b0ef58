namespace Opaline.Server.Tests.Auditing;

/// <summary>Whether the store is broken now.</summary>
internal sealed class Switch
{
    public bool Broken { get; set; }
}
