using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authentication;
using Opaline.Access;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Server.Auditing;
using Opaline.Server.Authentication;
using Opaline.Server.Documents;
using Opaline.Server.Limits;
using Opaline.Server.OpenApi;
using Opaline.Server.Problems;
using Opaline.Storage;

namespace Opaline.Server.Endpoints;

/// <summary>What may still be learnt.</summary>
internal static class BudgetEndpoints
{
    private const string EventStream = "text/event-stream";
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapBudget(this RouteGroupBuilder api)
    {
        api.MapGet("/budget", ReadAsync)
            .Guarded(Permission.ReadBudget, AuditActions.BudgetRead)
            .Takes(
                new QueryParameter("dataset", "Only the account of this dataset, besides the caller's own.", "events"),
                new QueryParameter("history_days", "How many UTC days of charges to tell per account, 1 to 400; none if it is left out.", "30"))
            .WithTags("Analytics")
            .WithSummary("Shows the budgets")
            .WithDescription(
                "The accounts of the datasets, of the caller's department and of the caller: limit, spent, left, when more comes, how long it lasts at the rate "
                + "of the window so far, and what was charged in all windows together.")
            .Produces<BudgetDocument>()
            .Refuses(400, 404);
        api.MapGet("/budget/events", Events)
            .Guarded(Permission.ReadBudget, AuditActions.BudgetRead)
            .Takes()
            .WithTags("Analytics")
            .WithSummary("Streams changes of the budgets")
            .WithDescription(
                "Server-sent events: first every account that the caller may see as it stands, then each again after a charge, and a heartbeat every 15 seconds. "
                + "The stream ends with the access token, or with the server; connect again with a new one. A caller may have four streams.")
            .Produces<BudgetEventDocument>(StatusCodes.Status200OK, EventStream)
            .DisableRequestTimeout();
    }

    private static async Task<IResult> ReadAsync(HttpContext context, BudgetService budgets, CatalogStore catalog, CancellationToken cancellationToken)
    {
        string? dataset = context.Request.Text("dataset");
        int? historyDays = HistoryDays(context.Request);
        if (dataset is not null)
            _ = context.Dataset(catalog, dataset);
        // The service writes the record itself.
        BudgetView view = await budgets.ReadAsync(context.Caller(), historyDays, cancellationToken);
        CallRecorder.MarkRecorded(context);
        return TypedResults.Json(AccountDocuments.Write(view, dataset), OpalineJson.Options);
    }

    private static int? HistoryDays(HttpRequest request)
    {
        if (request.Text("history_days") is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days is >= 1 and <= BudgetService.MostHistoryDays
            ? days
            : throw new ProblemException(
                StatusCodes.Status400BadRequest, ProblemCodes.BadParameter, $"history_days is a whole number from 1 to {BudgetService.MostHistoryDays}.", "history_days");
    }

    private static IResult Events(HttpContext context, BudgetService budgets, StreamLimit limit, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        Caller caller = context.Caller();
        context.Response.RegisterForDispose(limit.Enter(context.Features.Get<CallIdentity>()!));
        DateTimeOffset expires = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc
            ?? throw new InvalidOperationException("Every accepted token has an end.");
        TimeSpan left = expires - time.GetUtcNow();
        CancellationTokenSource expiry = new(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, lifetime.ApplicationStopping, context.RequestAborted);
        context.Response.RegisterForDispose(expiry);
        context.Response.RegisterForDispose(end);
        // A proxy that gathers answers would keep the events.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(EventsAsync(budgets, caller, end.Token));
    }

    private static async IAsyncEnumerable<SseItem<BudgetEventDocument>> EventsAsync(
        BudgetService budgets, Caller caller, [EnumeratorCancellation] CancellationToken end)
    {
        await using IAsyncEnumerator<BudgetChange> changes = budgets.WatchAsync(caller, Heartbeat, end).GetAsyncEnumerator(end);
        while (await NextAsync(changes, end))
            yield return new SseItem<BudgetEventDocument>(AccountDocuments.Write(changes.Current), changes.Current.Account is null ? "heartbeat" : "account");
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<BudgetChange> changes, CancellationToken end)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The token or the server has come to its end, or the caller has gone: the stream is whole as it is.
            return false;
        }
    }
}
