using System.Text.Json;
using Opaline.Client.Contracts;
using Opaline.Server.Auditing;

namespace Opaline.Server.Problems;

/// <summary>The one way out for refusals: records them where a caller is known, then answers with RFC 9457 problem details.</summary>
internal sealed partial class Refusals(CallRecorder recorder, ILogger<Refusals> logger)
{
    private const string ContentType = "application/problem+json; charset=utf-8";

    public async Task AnswerAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            // Part of an answer is on the wire: only a broken connection can still say that it is not whole.
            context.Abort();
            return;
        }

        if (!await TryRecordAsync(context, problem))
            problem = ExceptionProblems.StorageUnavailable;

        // Not Clear(): what the limiter, the router (Allow) and others said in headers stays true.
        context.Response.ContentLength = null;
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        if (problem.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "5";
        if (!HttpMethods.IsHead(context.Request.Method))
            await JsonSerializer.SerializeAsync(context.Response.Body, problem.ToDocument(), OpalineJson.Options, CancellationToken.None);
    }

    private async Task<bool> TryRecordAsync(HttpContext context, Problem problem)
    {
        try
        {
            await recorder.RefusedAsync(context, problem.Code);
            return true;
        }
        catch (Exception exception)
        {
            // Whatever kept the record from being written, its words may hold values: the log gets the type only.
            NotRecorded(logger, exception.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A refusal could not be recorded: {Kind}.")]
    private static partial void NotRecorded(ILogger logger, string kind);
}
