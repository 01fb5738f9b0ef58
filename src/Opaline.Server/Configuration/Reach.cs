namespace Opaline.Server.Configuration;

/// <summary>Who can reach the server.</summary>
/// <param name="LoopbackOnly">Nobody beyond this machine.</param>
internal sealed record Reach(bool LoopbackOnly);
