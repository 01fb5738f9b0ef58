namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// A short rule for every run: the claim holds as soon as right votes lead by 2, and fails where wrong ones lead by 9. With the odds r =
/// 1/9 of a wrong vote, a claim that holds fails with a chance of at most (r^9 − r^11)/(1 − r^11) = 2.6e-9 (the gambler's ruin), and one
/// that does not, whose votes are wrong with the same odds, gets away with one of r² = 1.2 %.
/// </summary>
internal sealed class LeadBallot : IBallot
{
    /// <summary>The greatest chance that a claim that holds fails.</summary>
    public const double FalseAlarm = 2.6e-9;

    private const int Enough = 2;
    private const int TooMany = 9;

    public bool? Holds { get; private set; }

    public int Right { get; private set; }

    public int Wrong { get; private set; }

    public void Cast(bool right)
    {
        if (Holds is not null)
            return;
        _ = right ? Right++ : Wrong++;
        if (Right - Wrong == Enough)
            Holds = true;
        if (Wrong - Right == TooMany)
            Holds = false;
    }
}
