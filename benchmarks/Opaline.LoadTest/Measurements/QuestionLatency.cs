using System.Diagnostics;
using System.Globalization;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.LoadTest.Measurements;

/// <summary>How long a question takes over HTTP. Charged answers leave on the next multiple of 250 ms, which is part of it.</summary>
/// <param name="What">Which question.</param>
/// <param name="Latencies">In order of length.</param>
internal sealed record QuestionLatency(string What, IReadOnlyList<TimeSpan> Latencies)
{
    private const int Charged = 12;
    private const int Replayed = 50;

    public static async Task<IReadOnlyList<QuestionLatency>> MeasureAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using OpalineClient analyst = server.Client("analyst");
        DateTime today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        QueryDocument daily = new()
        {
            Dataset = "events",
            Measures = [new QueryMeasureDocument { Function = "count" }],
            GroupBy = [new QueryKeyDocument { Period = "day" }],
            From = today.AddDays(-30).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            To = today.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Contribution = new QueryContributionDocument(10, 5),
            Epsilon = 0.1,
        };
        QueryDocument unranked = daily with { Contribution = new QueryContributionDocument(31, 5) };
        await analyst.QueryAsync(daily, new AskOptions(Fresh: true), cancellationToken);
        return
        [
            await RepeatAsync("daily count, at most 10 days a person (ranked), charged", Charged, () => analyst.QueryAsync(daily, new AskOptions(Fresh: true), cancellationToken)),
            await RepeatAsync("daily count, all days a person, charged", Charged, () => analyst.QueryAsync(unranked, new AskOptions(Fresh: true), cancellationToken)),
            await RepeatAsync("daily count, replayed", Replayed, () => analyst.QueryAsync(daily, cancellationToken: cancellationToken)),
        ];
    }

    private static async Task<QuestionLatency> RepeatAsync(string what, int times, Func<Task<AnswerDocument>> ask)
    {
        List<TimeSpan> latencies = [];
        for (int i = 0; i < times; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await ask();
            latencies.Add(Stopwatch.GetElapsedTime(start));
        }

        latencies.Sort();
        return new QuestionLatency(what, latencies);
    }
}
