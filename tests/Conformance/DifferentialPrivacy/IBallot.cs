namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Votes on one claim until it is decided. By the files a vote is right with a chance of at least 0.9 where the mechanism is.
/// </summary>
internal interface IBallot
{
    /// <summary>Whether the claim holds; null while that is open.</summary>
    bool? Holds { get; }

    int Right { get; }

    int Wrong { get; }

    void Cast(bool right);
}
