namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// A short rule for every run: the claim holds as soon as right votes lead by 2, and fails where wrong ones lead by 26. A claim that holds,
/// with the odds r of a wrong vote, fails with a chance of (r^26 − r^28)/(1 − r^28) (the gambler's ruin). The files speak of r = 1/9, but
/// where our noise meets ε exactly in its likeliest value up to a quarter of the votes was seen to be wrong; so r = 1/2 is assumed, and the
/// chance is at most 1.2e-8. A twin that is rejected with the files' odds gets away with a chance of r² = 1.2 %, this time.
/// </summary>
internal sealed class LeadBallot : IBallot
{
    /// <summary>The greatest chance that a claim that holds fails.</summary>
    public const double FalseAlarm = 1.2e-8;

    private const int Enough = 2;
    private const int TooMany = 26;

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
