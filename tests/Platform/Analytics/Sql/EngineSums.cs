using System.Numerics;
using Opaline.Analytics;
using Opaline.Platform.Tests.Analytics.Planning;

namespace Opaline.Platform.Tests.Analytics.Sql;

/// <summary>The exact sums of a plan as the engine computes them, by cell, in the form of <see cref="BoundedModel"/>.</summary>
internal static class EngineSums
{
    public static async Task<Dictionary<string, BigInteger[]>> ReadAsync(AnalyticsHost host, QueryPlan plan, long lsn, byte[] nonce) =>
        Of(plan, await CellSums.ReadAsync(host.Events, plan, lsn, [.. nonce], CancellationToken.None));

    public static Dictionary<string, BigInteger[]> Of(QueryPlan plan, CellSums sums) => Enumerable.Range(0, sums.Count).ToDictionary(
        cell => BoundedModel.Cell(sums.Keys(cell)), cell => Enumerable.Range(0, plan.Components.Length).SelectMany(i => sums[cell, i].ToArray()).ToArray());

    /// <summary>A public cell without rows is zero in one form and absent in the other.</summary>
    public static void AssertSame(Dictionary<string, BigInteger[]> expected, Dictionary<string, BigInteger[]> actual, QueryPlan plan)
    {
        BigInteger[] zero = new BigInteger[plan.Components.Sum(c => c.Shape.Bins?.Leaves ?? 1)];
        foreach (string cell in expected.Keys.Union(actual.Keys))
            Assert.True(expected.GetValueOrDefault(cell, zero).SequenceEqual(actual.GetValueOrDefault(cell, zero)), plan.Source.Canonical);
    }
}
