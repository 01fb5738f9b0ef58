using Opaline.Access;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Server.Auditing;
using Opaline.Server.Documents;
using Opaline.Server.OpenApi;
using Opaline.Server.Problems;

namespace Opaline.Server.Endpoints;

/// <summary>Private answers to metrics, by their names: over a range, or of the running period.</summary>
internal static class MetricAnswerEndpoints
{
    public static void MapMetricAnswers(this RouteGroupBuilder api)
    {
        api.MapGet("/analytics/aggregate", AggregateAsync)
            .Guarded(Permission.ReadReleases, AuditActions.DataAccess)
            .Takes(
                new("metric", "A declared metric of the dataset, or <action>_count on events.", "login_count", Required: true),
                new("period", "hourly, daily, weekly or monthly; without it one figure for the whole range.", "daily"),
                new("dataset", "The dataset; events without it.", "events"),
                new("from", "Start of the half-open range: a date or an RFC 3339 time. Without it the metric's public default range counts.", "2024-01-01"),
                new("to", "End of the half-open range.", "2024-02-01"),
                new("tz", "IANA zone of the periods; the dataset's without it.", "Europe/Vienna"),
                new("group_by", "Further dimensions, separated by commas.", "metadata.device"),
                new("epsilon", "What to spend; not together with error.", "0.5"),
                new("error", "The margin to aim at (95 %), in units of the answer; the price follows.", "25"),
                AskParameters.Fresh,
                AskParameters.MaxAge)
            .WithTags("Analytics")
            .WithSummary("Answers a metric")
            .WithDescription(
                "Differentially private, with margins and cost. The identical question asked again is answered again with the same numbers at no cost. "
                + "A Viewer reads what was released of listed metrics, by the keys that they declare and any period, and spends nothing.")
            .Produces<AnswerDocument>()
            .Refuses(400, 403, 404, 422, 503);
        api.MapGet("/analytics/live", LiveAsync)
            .Guarded(Permission.ReadReleases, AuditActions.DataAccess)
            .Takes(
                new("metric", "A declared metric that counts rows, or <action>_count on events.", "login_count", Required: true),
                new("dataset", "The dataset; events without it.", "events"),
                new("period", "hour, day, week or month; day without it.", "day"),
                new("tz", "IANA zone of the period; the dataset's without it.", "Europe/Vienna"),
                new("epsilon", "What the period may cost.", "0.5"))
            .WithTags("Analytics")
            .WithSummary("Looks at a counter of the running period")
            .WithDescription(
                "The rows of the running period so far, with their margin. The first look of the period is charged; from then on anybody may look as often as they like "
                + "at no cost. The counter moves at most once in each public step (a minute of an hour, five minutes of a day). A Viewer sees listed metrics that somebody "
                + "has paid for.")
            .Produces<LiveCounterDocument>()
            .Refuses(400, 403, 404, 422, 503);
    }

    private static async Task<IResult> AggregateAsync(
        HttpContext context, MetricQueries metrics, QueryService queries, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        AskOptions options = AskParameters.Read(request);
        return TypedResults.Json(AnswerWriter.Write(await InParametersAsync(AnswerAsync)), OpalineJson.Options);

        Task<Answer> AnswerAsync()
        {
            MetricQuery metric = metrics.Build(context.Caller(), new MetricRequest
            {
                Metric = request.Text("metric"),
                Period = request.Text("period"),
                Dataset = request.Text("dataset"),
                From = request.Text("from"),
                To = request.Text("to"),
                TimeZone = request.Text("tz"),
                GroupBy = request.Text("group_by"),
                Epsilon = request.Text("epsilon"),
                Error = request.Text("error"),
            });
            return MaySpend(context.Caller())
                ? context.RecordedAsync(queries.AskAsync(context.Caller(), metric.Query, options, cancellationToken))
                : ReleasedAsync(context, queries, metric, options, cancellationToken);
        }
    }

    private static async Task<IResult> LiveAsync(HttpContext context, MetricQueries metrics, LiveCounters counters, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        return TypedResults.Json(AnswerWriter.Write(await InParametersAsync(LookAsync)), OpalineJson.Options);

        async Task<LiveAnswer> LookAsync()
        {
            MetricQuery metric = metrics.Build(context.Caller(), new MetricRequest
            {
                Metric = request.Text("metric"),
                Dataset = request.Text("dataset"),
                TimeZone = request.Text("tz"),
                Epsilon = request.Text("epsilon"),
            });
            bool maySpend = MaySpend(context.Caller());
            if (!maySpend)
                CheckListed(metric);
            Period period = MetricQueries.ReadPeriod(request.Text("period") ?? "day");
            return await context.RecordedAsync(counters.LookAsync(context.Caller(), metric, period, maySpend, cancellationToken))
                ?? throw new ProblemException(404, ProblemCodes.NoRelease, "Nobody has opened this counter in this period. Ask an Analyst to look at it once.");
        }
    }

    private static bool MaySpend(Caller caller) => RolePermissions.Has(caller.Role, Permission.Query);

    private static void CheckListed(MetricQuery metric)
    {
        if (!metric.ListedForViewers)
            throw new ProblemException(403, ProblemCodes.NotListed, "This metric is not listed for viewers. An Admin can list a declared metric.", "metric");
    }

    private static async Task<Answer> ReleasedAsync(
        HttpContext context, QueryService queries, MetricQuery metric, AskOptions options, CancellationToken cancellationToken)
    {
        if (options.Fresh)
            throw new ProblemException(403, ProblemCodes.Forbidden, "A fresh answer spends budget, which this role may not. Leave fresh out.", "fresh");
        CheckListed(metric);
        if (metric.BrokenDown)
        {
            throw new ProblemException(
                403, ProblemCodes.NotListed, "The metric is listed for viewers, this breakdown of it is not. Leave group_by out, or ask an Admin to list a metric that has it.", "group_by");
        }

        return await context.RecordedAsync(queries.FindReleaseAsync(context.Caller(), metric.Query, options.MaxAge, cancellationToken))
            ?? throw new ProblemException(
                404, ProblemCodes.NoRelease, "Nobody has released this answer within its age. Ask an Analyst to ask for it with the same parameters.");
    }

    // The planner speaks of the query that the parameters became; the caller knows the parameters.
    private static async Task<T> InParametersAsync<T>(Func<Task<T>> answer)
    {
        try
        {
            return await answer();
        }
        catch (QueryRefusedException refused) when (refused.Path?.StartsWith('$') == true)
        {
            throw new QueryRefusedException(refused.Code, refused.Message, ParameterOf(refused.Path));
        }
    }

    private static string ParameterOf(string path)
    {
        string property = path.TrimStart('$', '.').Split('.', '[')[0];
        return property switch
        {
            "time_zone" => "tz",
            "dataset" or "from" or "to" or "group_by" or "epsilon" or "error" => property,
            // What no parameter says comes with the metric: its measures, conditions, bounds.
            _ => "metric",
        };
    }
}
