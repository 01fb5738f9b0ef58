using System.Collections.Immutable;
using Opaline.Access;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Server.Documents;
using Opaline.Server.Auditing;
using Opaline.Server.OpenApi;
using Opaline.Server.Limits;
using Opaline.Server.Problems;

namespace Opaline.Server.Endpoints;

/// <summary>Questions and their private answers.</summary>
internal static class AnalyticsEndpoints
{
    private const string SqlExample = """
        {"sql":"SELECT date_trunc('day', timestamp) AS day, count(*) AS logins, count(DISTINCT user_id) AS people FROM events WHERE action = 'login' AND timestamp >= DATE '2024-01-01' AND timestamp < DATE '2024-02-01' GROUP BY 1 ORDER BY 1",
         "epsilon":0.5}
        """;

    private const string SqlJoinExample = """
        {"sql":"SELECT count(*) FROM events a JOIN events b ON a.user_id = b.user_id WHERE a.action = 'signup' AND b.action = 'purchase'",
         "error":{"absolute":50,"confidence":0.95},"contribution":{"groups":1,"rows_per_group":5}}
        """;

    private const string SqlSubjectsExample = """
        {"sql":"SELECT n, count(*) AS people FROM (SELECT user_id, least(count(*), 10) AS n FROM events WHERE action = 'login' GROUP BY user_id) t WHERE n >= 3 GROUP BY n",
         "epsilon":0.5,"time_zone":"Europe/Vienna"}
        """;

    private const string QueryExample = """
        {"dataset":"events","measures":[{"function":"count"},{"function":"distinct_subjects"}],
         "where":[{"field":"action","op":"eq","value":"login"}],"group_by":[{"period":"day"}],
         "from":"2024-01-01","to":"2024-02-01","epsilon":0.5}
        """;

    private const string SourceExample = """
        {"source":{"dataset":"events","subjects":{"values":[{"function":"count","name":"logins","clamp":[0,10]}]}},
         "measures":[{"function":"count"}],"group_by":[{"field":"logins"}],"epsilon":0.5}
        """;

    private const string BatchExample = """
        {"queries":[
          {"dataset":"events","measures":[{"function":"count"}],"group_by":[{"period":"day"}],"from":"2024-01-01","to":"2024-02-01","epsilon":0.5},
          {"sql":"SELECT date_trunc('day', timestamp) AS day, count(DISTINCT user_id) AS people FROM events WHERE timestamp >= DATE '2024-01-01' AND timestamp < DATE '2024-02-01' GROUP BY 1","epsilon":0.5}]}
        """;

    private static readonly QueryParameter DryRun = new("dry_run", "true: plan and price only; nothing is charged or read, and the answer is a plan.", "true");
    private static readonly QueryParameter Fresh = new("fresh", "true: ask for a new, charged release even if one is young enough.", "false");
    private static readonly QueryParameter MaxAge = new("max_age", "How old, in seconds, a release of the identical plan may be to be given again at no cost.", "3600");

    public static void MapAnalytics(this RouteGroupBuilder api)
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
                Fresh,
                MaxAge)
            .WithTags("Analytics")
            .WithSummary("Answers a metric")
            .WithDescription(
                "Differentially private, with margins and cost. The identical question asked again is answered again with the same numbers at no cost. "
                + "A Viewer reads what was released of listed metrics, by the keys that they declare and any period, and spends nothing.")
            .Produces<AnswerDocument>()
            .Refuses(400, 403, 404, 422, 503);
        api.MapPost("/analytics/query", QueryAsync)
            .Guarded(Permission.Query, AuditActions.DataAccess)
            .Takes(DryRun, Fresh, MaxAge)
            .WithTags("Analytics")
            .WithSummary("Answers a query")
            .WithDescription("SQL, or the JSON form of a query; the same question in either form has the same plan, cost and release. What SQL may say: docs/SQL.md. "
                + "With dry_run=true the answer is its plan, cost and the accounts that would pay.")
            .WithExample("sql", "SQL: logins per day", SqlExample)
            .WithExample("sql_join", "SQL: pairs of rows of one subject", SqlJoinExample)
            .WithExample("sql_subjects", "SQL: one row per subject, counted again", SqlSubjectsExample)
            .WithExample("json", "The JSON form", QueryExample)
            .WithExample("json_source", "The JSON form of rows that are made of others", SourceExample)
            .AcceptsToo<SqlQueryDocument>()
            .Accepts<QueryDocument>("application/json")
            .Produces<AnswerDocument>()
            .Refuses(400, 403, 404, 413, 415, 422, 503);
        MapBatch(api);
        MapLive(api);
    }

    private static void MapBatch(RouteGroupBuilder api) => api.MapPost("/analytics/batch", BatchAsync)
        .Guarded(Permission.Query, AuditActions.DataAccess)
        .Takes(DryRun, Fresh, MaxAge)
        .WithTags("Analytics")
        .WithSummary("Answers several queries together")
        .WithDescription(
            "1 to 16 queries, each in its JSON form or as {\"sql\": \"…\"}, answered in their order. Those of one dataset with the same conditions, keys, range, zone, bounds, delta and mechanism become one plan "
            + "and one release: what they have in common is computed and paid once, and the cost of each answer leaves out what one before it has paid. All that is new "
            + "is charged in one transaction or not at all. With dry_run=true the answer is a list of plans.")
        .WithExample(BatchExample)
        .Accepts<QueryBatchDocument>("application/json")
        .Produces<AnswerBatchDocument>()
        .Refuses(400, 403, 404, 413, 415, 422, 503);

    private static void MapLive(RouteGroupBuilder api) => api.MapGet("/analytics/live", LiveAsync)
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

    private static async Task<IResult> LiveAsync(HttpContext context, MetricQueries metrics, LiveCounters counters, CancellationToken cancellationToken)
    {
        Caller caller = context.Caller();
        HttpRequest request = context.Request;
        try
        {
            MetricQuery metric = metrics.Build(caller, new MetricRequest
            {
                Metric = request.Text("metric"),
                Dataset = request.Text("dataset"),
                TimeZone = request.Text("tz"),
                Epsilon = request.Text("epsilon"),
            });
            bool maySpend = RolePermissions.Has(caller.Role, Permission.Query);
            if (!maySpend && !metric.ListedForViewers)
                throw new ProblemException(403, ProblemCodes.NotListed, "This metric is not listed for viewers. An Admin can list a declared metric.", "metric");
            Period period = MetricQueries.ReadPeriod(request.Text("period") ?? "day");
            LiveAnswer look = await RecordedAsync(context, counters.LookAsync(caller, metric, period, maySpend, cancellationToken))
                ?? throw new ProblemException(404, ProblemCodes.NoRelease, "Nobody has opened this counter in this period. Ask an Analyst to look at it once.");
            return TypedResults.Json(AnswerWriter.Write(look), OpalineJson.Options);
        }
        catch (QueryRefusedException refused) when (refused.Path?.StartsWith('$') == true)
        {
            throw new QueryRefusedException(refused.Code, refused.Message, ParameterOf(refused.Path));
        }
    }

    private static async Task<IResult> AggregateAsync(
        HttpContext context, MetricQueries metrics, QueryService queries, CancellationToken cancellationToken)
    {
        Caller caller = context.Caller();
        HttpRequest request = context.Request;
        bool fresh = request.Flag("fresh");
        TimeSpan? maxAge = request.Seconds("max_age");
        try
        {
            MetricQuery metric = metrics.Build(caller, new MetricRequest
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
            return await AnswerAsync(context, caller, queries, metric, new AskOptions(fresh, maxAge), cancellationToken);
        }
        catch (QueryRefusedException refused) when (refused.Path?.StartsWith('$') == true)
        {
            // The planner speaks of the query that the parameters became; the caller knows the parameters.
            throw new QueryRefusedException(refused.Code, refused.Message, ParameterOf(refused.Path));
        }
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, Caller caller, QueryService queries, MetricQuery metric, AskOptions options, CancellationToken cancellationToken)
    {
        if (RolePermissions.Has(caller.Role, Permission.Query))
            return Answer(await RecordedAsync(context, queries.AskAsync(caller, metric.Query, options, cancellationToken)));
        if (options.Fresh)
            throw new ProblemException(403, ProblemCodes.Forbidden, "A fresh answer spends budget, which this role may not. Leave fresh out.", "fresh");
        if (!metric.ListedForViewers)
            throw new ProblemException(403, ProblemCodes.NotListed, "This metric is not listed for viewers. An Admin can list a declared metric.", "metric");
        if (metric.BrokenDown)
        {
            throw new ProblemException(
                403, ProblemCodes.NotListed, "The metric is listed for viewers, this breakdown of it is not. Leave group_by out, or ask an Admin to list a metric that has it.", "group_by");
        }

        return Answer(
            await RecordedAsync(context, queries.FindReleaseAsync(caller, metric.Query, options.MaxAge, cancellationToken))
            ?? throw new ProblemException(
                404, ProblemCodes.NoRelease, "Nobody has released this answer within its age. Ask an Analyst to ask for it with the same parameters."));
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

    private static async Task<IResult> QueryAsync(HttpContext context, QueryService queries, SqlQueries sql, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        AskOptions options = new(request.Flag("fresh"), request.Seconds("max_age"));
        bool dryRun = request.Flag("dry_run");
        Query query = await ReadAsync(context, queries, dryRun, body => sql.Read(context.Caller(), body), cancellationToken);
        return dryRun
            ? TypedResults.Json(
                PlanDocuments.Write(await RecordedAsync(context, queries.PlanAsync(context.Caller(), query, cancellationToken))), OpalineJson.Options)
            : Answer(await RecordedAsync(context, queries.AskAsync(context.Caller(), query, options, cancellationToken)));
    }

    private static async Task<IResult> BatchAsync(HttpContext context, QueryService queries, SqlQueries sql, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        AskOptions options = new(request.Flag("fresh"), request.Seconds("max_age"));
        bool dryRun = request.Flag("dry_run");
        ImmutableArray<Query> batch = await ReadAsync(context, queries, dryRun, body => sql.ReadBatch(context.Caller(), body), cancellationToken);
        if (dryRun)
        {
            ImmutableArray<QueryPlanView> plans = await RecordedAsync(context, queries.PlanAllAsync(context.Caller(), batch, cancellationToken));
            return TypedResults.Json(new DryRunBatchDocument([.. plans.Select(PlanDocuments.Write)]), OpalineJson.Options);
        }

        ImmutableArray<Answer> answers = await RecordedAsync(context, queries.AskAllAsync(context.Caller(), batch, options, cancellationToken));
        return TypedResults.Json(new AnswerBatchDocument([.. answers.Select(AnswerWriter.Write)]), OpalineJson.Options);
    }

    // What was refused before there was a query is recorded here, with its SQL.
    private static async Task<T> ReadAsync<T>(
        HttpContext context, QueryService queries, bool dryRun, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken)
    {
        RequestBody.RequireJson(context.Request);
        ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(context.Request, RequestBody.SmallBytes, cancellationToken);
        try
        {
            return read(body);
        }
        catch (QueryRefusedException refused) when (refused.Text is not null)
        {
            // Not the request's token: a caller that hangs up must not keep its own call out of the log.
            await queries.RecordAsync(context.Caller(), refused, dryRun, CancellationToken.None);
            CallRecorder.MarkRecorded(context);
            throw;
        }
    }

    private static IResult Answer(Answer answer) => TypedResults.Json(AnswerWriter.Write(answer), OpalineJson.Options);

    /// <summary>The service records every call that it answers or refuses, with plan and cost; what breaks otherwise is recorded on the way out.</summary>
    private static async Task<T> RecordedAsync<T>(HttpContext context, Task<T> call)
    {
        try
        {
            T result = await call;
            CallRecorder.MarkRecorded(context);
            return result;
        }
        catch (Exception refusal) when (refusal is QueryRefusedException or BudgetExhaustedException or EngineFailureException)
        {
            CallRecorder.MarkRecorded(context);
            throw;
        }
    }
}
