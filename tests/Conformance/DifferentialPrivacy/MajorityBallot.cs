namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// The rule of the files, made twice as careful: the majority of nine votes, and a second and a third majority where the first one is
/// against the claim. It fails where two of three are. A majority is wrong with a chance of at most Σ_{k≥5} C(9, k)·0.1^k·0.9^(9−k) =
/// 8.91e-4, the ballot with one of 2p² − p³ = 1.59e-6.
/// </summary>
internal sealed class MajorityBallot : IBallot
{
    /// <summary>The greatest chance that a claim that holds fails.</summary>
    public const double FalseAlarm = 1.59e-6;

    private const int Needed = (CaseFiles.Votes / 2) + 1;

    private int _right;
    private int _wrong;
    private int _won;
    private int _lost;

    public bool? Holds { get; private set; }

    public int Right { get; private set; }

    public int Wrong { get; private set; }

    public void Cast(bool right)
    {
        if (Holds is not null)
            return;
        _ = right ? (Right++, _right++) : (Wrong++, _wrong++);
        if (_right < Needed && _wrong < Needed)
            return;
        _ = _right == Needed ? _won++ : _lost++;
        (_right, _wrong) = (0, 0);
        if (_lost == 2)
            Holds = false;
        else if (_lost == 0 || _won == 2)
            Holds = true;
    }
}
