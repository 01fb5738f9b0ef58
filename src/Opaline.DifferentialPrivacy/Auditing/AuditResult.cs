namespace Opaline.DifferentialPrivacy;

/// <summary>
/// What an audit found: with the stated confidence the mechanism is not (ε, δ)-differentially private for any ε below the bound.
/// </summary>
/// <param name="Epsilon">The lower bound on ε, rounded down; 0 where nothing was found.</param>
/// <param name="Delta">The δ beside it.</param>
/// <param name="Confidence">The least chance that the bound holds, over the randomness of the mechanism's own runs.</param>
/// <param name="Event">The event that tells the inputs apart, for people to read.</param>
/// <param name="FirstIsLikelier">Whether the event is likelier on the first input than on the second, or the other way round.</param>
/// <param name="Runs">The fresh runs on each input.</param>
/// <param name="HitsOfFirst">In how many of them the event happened on the first input.</param>
/// <param name="HitsOfSecond">In how many of them it happened on the second.</param>
public sealed record AuditResult(
    double Epsilon, double Delta, double Confidence, string Event, bool FirstIsLikelier, long Runs, long HitsOfFirst, long HitsOfSecond);
