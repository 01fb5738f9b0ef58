namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// What a vote decides on: samples of the mechanism, which are to be accepted, or of a twin that is wrong by the file's factor, which are
/// not.
/// </summary>
internal sealed record Claim(string Name, bool Accepted);
