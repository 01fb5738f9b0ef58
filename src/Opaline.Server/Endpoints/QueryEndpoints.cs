using System.Collections.Immutable;
using Opaline.Access;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Server.Documents;
using Opaline.Server.Auditing;
using Opaline.Server.OpenApi;
using Opaline.Server.Limits;

namespace Opaline.Server.Endpoints;

/// <summary>Questions in SQL or JSON and their private answers, one by one or several together.</summary>
internal static class QueryEndpoints
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

    public static void MapQueries(this RouteGroupBuilder api)
    {
        api.MapPost("/analytics/query", QueryAsync)
            .Guarded(Permission.Query, AuditActions.DataAccess)
            .Takes(DryRun, AskParameters.Fresh, AskParameters.MaxAge)
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
        api.MapPost("/analytics/batch", BatchAsync)
            .Guarded(Permission.Query, AuditActions.DataAccess)
            .Takes(DryRun, AskParameters.Fresh, AskParameters.MaxAge)
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
    }

    private static async Task<IResult> QueryAsync(HttpContext context, QueryService queries, SqlQueries sql, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        AskOptions options = AskParameters.Read(request);
        bool dryRun = request.Flag("dry_run");
        Query query = await ReadAsync(context, queries, dryRun, body => sql.Read(context.Caller(), body), cancellationToken);
        return dryRun
            ? TypedResults.Json(
                PlanDocuments.Write(await context.RecordedAsync(queries.PlanAsync(context.Caller(), query, cancellationToken))), OpalineJson.Options)
            : TypedResults.Json(
                AnswerWriter.Write(await context.RecordedAsync(queries.AskAsync(context.Caller(), query, options, cancellationToken))), OpalineJson.Options);
    }

    private static async Task<IResult> BatchAsync(HttpContext context, QueryService queries, SqlQueries sql, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        AskOptions options = AskParameters.Read(request);
        bool dryRun = request.Flag("dry_run");
        ImmutableArray<Query> batch = await ReadAsync(context, queries, dryRun, body => sql.ReadBatch(context.Caller(), body), cancellationToken);
        if (dryRun)
        {
            ImmutableArray<QueryPlanView> plans = await context.RecordedAsync(queries.PlanAllAsync(context.Caller(), batch, cancellationToken));
            return TypedResults.Json(new DryRunBatchDocument([.. plans.Select(PlanDocuments.Write)]), OpalineJson.Options);
        }

        ImmutableArray<Answer> answers = await context.RecordedAsync(queries.AskAllAsync(context.Caller(), batch, options, cancellationToken));
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
}
