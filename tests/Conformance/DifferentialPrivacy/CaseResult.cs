namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>The ballots on the claims of a case.</summary>
internal sealed record CaseResult(DpCase Case, IReadOnlyList<IBallot> Ballots)
{
    public bool Holds => Ballots.All(ballot => ballot.Holds == true);

    /// <summary>Votes on a case until all its claims are decided.</summary>
    public static CaseResult Of(DpCase test, Func<IBallot> newBallot)
    {
        IReadOnlyList<Claim> claims = test.Trial.Claims;
        IBallot[] ballots = [.. claims.Select(_ => newBallot())];
        while (ballots.Any(ballot => ballot.Holds is null))
        {
            bool[] accepted = test.Trial.Vote();
            for (int i = 0; i < ballots.Length; i++)
                ballots[i].Cast(accepted[i] == claims[i].Accepted);
        }
        return new CaseResult(test, ballots);
    }

    public override string ToString() => $"{Case} [{string.Join("; ", Case.Trial.Claims.Zip(Ballots, Describe))}]";

    private static string Describe(Claim claim, IBallot ballot) =>
        $"{claim.Name}: {ballot.Right} right, {ballot.Wrong} wrong{(ballot.Holds == true ? "" : ", FAILED")}";
}
