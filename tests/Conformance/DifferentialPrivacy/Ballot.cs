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

/// <summary>
/// The rule of the files, made twice as careful: the majority of nine votes, and a second and a third majority where the first one is against the claim.
/// It fails where two of three are. A majority is wrong with a chance of at most Σ_{k≥5} C(9, k)·0.1^k·0.9^(9−k) = 8.91e-4, the ballot
/// with one of 2p² − p³ = 1.59e-6.
/// </summary>
internal sealed class MajorityBallot : IBallot
{
    /// <summary>The greatest chance that a claim that holds fails.</summary>
    public const double FalseAlarm = 1.59e-6;

    private const int Needed = (CaseFiles.Votes / 2) + 1;

    private int _right;
    private int _wrong;
    private int _lost;

    public bool? Holds { get; private set; }

    public int Right { get; private set; }

    public int Wrong { get; private set; }

    public void Cast(bool right)
    {
        if (Holds is not null)
            return;
        _ = right ? (Right++, _right++) : (Wrong++, _wrong++);
        if (_right == Needed)
            Holds = true;
        if (_wrong == Needed)
        {
            (_right, _wrong) = (0, 0);
            if (++_lost == 2)
                Holds = false;
        }
    }
}

/// <summary>
/// A short rule for every run: the claim holds as soon as right votes lead by 2, and fails where wrong ones lead by 9. With the odds r = 1/9 of a
/// wrong vote, a claim that holds fails with a chance of at most (r^9 − r^11)/(1 − r^11) = 2.6e-9 (the gambler's ruin), and one whose votes are all but
/// certain to be wrong gets away with one of r² at most.
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
