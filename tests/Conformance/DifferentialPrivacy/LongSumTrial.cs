namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Bounded sums of integers. Most cases of their file ask for a granularity below 1 all the same, and the factors of its twins were found
/// for sums that have it (LongBoundedSumDpTestCasesValidityTest.java); on the integers alone there are so few values that twins look
/// private to that tolerance. So the case is decided on integers, and its twins on the finer grid.
/// </summary>
/// <param name="integers">The sum of integers.</param>
/// <param name="fine">The same sum on the grid of the granularity.</param>
internal sealed class LongSumTrial(AdditiveTrial integers, AdditiveTrial fine) : ITrial
{
    public IReadOnlyList<Claim> Claims => DpTarget.Claims;

    public bool[] Vote() => [integers.Vote()[0], .. fine.Vote()[1..]];
}
