using System.Numerics;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Planning;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Sql;

public class OrdinalWriterTests
{
    [Fact]
    public async Task The_engine_computes_what_the_model_does_and_one_unit_stays_within_its_bound()
    {
        await OrdinalQuestion.Generator.Where(q => !q.Rows.IsEmpty).Array[10].SampleAsync(
            async questions =>
            {
                await using AnalyticsHost host = new();
                // A unit's rows come with a later LSN than all others of their question.
                List<InboxFrame> frames = [];
                foreach ((int i, OrdinalQuestion question) in questions.Index())
                {
                    Dataset dataset = question.Plan.Dataset with { Id = 1_000 + i };
                    await host.Events.PrepareAsync(dataset, CancellationToken.None);
                    foreach (IEnumerable<BoundedModel.Row> rows in new[] { Others(question), question.Unit })
                        frames.Add(new InboxFrame(frames.Count + 1, dataset.Id, RowFrame.Write(Shop.Columns, [.. rows.Select(Stored)])));
                }

                await host.Events.SettleAsync(frames, CancellationToken.None);
                foreach ((int i, OrdinalQuestion question) in questions.Index())
                {
                    Dataset dataset = question.Plan.Dataset with { Id = 1_000 + i };
                    QueryPlan plan = question.Plan with { Dataset = dataset };
                    Dictionary<string, BigInteger[]> before = await EngineSums.ReadAsync(host, plan, frames.Count, new byte[16]);
                    Assert.All(before.Values, v => Assert.All(v, s => Assert.Equal(BigInteger.Zero, s)));
                    await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed, frames.Count, CancellationToken.None);
                    IReadOnlyList<object?[]> ordinals = await host.Events.AggregateAsync(
                        $"SELECT {EventTable.RowInWindow}, {EventTable.GroupInWindow}, {EventTable.RowInGroup} FROM {EventTable.Name(dataset)} ORDER BY {EventTable.Seq}",
                        [],
                        CancellationToken.None);
                    IEnumerable<(BoundedModel.Row, int[]?)> ranked =
                        Others(question).Concat(question.Unit).Zip(ordinals, (row, o) => (row, (int[]?)[.. o.Select(v => (int)(long)v!)]));
                    Dictionary<string, BigInteger[]> present = await EngineSums.ReadAsync(host, plan, (2 * i) + 2, new byte[16]);
                    EngineSums.AssertSame(BoundedModel.SumsByOrdinals(plan, ranked), present, plan);
                    Assert.True(BoundedCase.Within(plan, present, await EngineSums.ReadAsync(host, plan, (2 * i) + 1, new byte[16])));
                }
            },
            iter: LongRuns.Times(1, 200),
            threads: 1);
    }

    private static IEnumerable<BoundedModel.Row> Others(OrdinalQuestion question) => question.Rows.Where(r => !question.Unit.Contains(r));

    private static ProtectedRow Stored(BoundedModel.Row row) => Shop.Row(row.Subject, row.Time, row.Action, row.City, row.Amount);
}
