using Microsoft.AspNetCore.Http.Features;

namespace Opaline.Server.Problems;

/// <summary>Turns every exception, and every error status without a body, into problem details.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, Refusals refusals, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody is left to answer.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception exception)
        {
            Problem problem = ExceptionProblems.For(exception, BodyLimit(context));
            if (problem.Status >= StatusCodes.Status500InternalServerError)
                Failed(logger, context.GetEndpoint()?.DisplayName ?? "no endpoint", exception.GetType().Name, WhereOf(exception));
            await refusals.AnswerAsync(context, problem);
            return;
        }

        if (!context.Response.HasStarted && EmptyRefusal(context.Response) is { } refusal)
            await refusals.AnswerAsync(context, refusal);
    }

    private static Problem? EmptyRefusal(HttpResponse response) => response.ContentLength is > 0 || response.ContentType is not null
        ? null
        : response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new(404, ProblemCodes.NotFound, "Nothing is served at this address; see /docs."),
            StatusCodes.Status405MethodNotAllowed => new(
                405, ProblemCodes.MethodNotAllowed, "This address does not take that method; the Allow header and /docs say which it takes."),
            StatusCodes.Status415UnsupportedMediaType => new(
                415, ProblemCodes.UnsupportedMediaType, "Send JSON with Content-Type: application/json; see /docs."),
            >= 400 and < 500 => new(response.StatusCode, ProblemCodes.BadRequest, "The request is not one that this address takes; see /docs."),
            _ => null,
        };

    private static long BodyLimit(HttpContext context) => context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? 0;

    // The message may hold values, so the log gets the type and the place in our own code.
    private static string WhereOf(Exception exception)
    {
        System.Diagnostics.StackFrame? frame = new System.Diagnostics.StackTrace(exception).GetFrames()
            .FirstOrDefault(f => f.GetMethod()?.DeclaringType?.Namespace?.StartsWith("Opaline", StringComparison.Ordinal) == true);
        System.Reflection.MethodBase? method = frame?.GetMethod();
        return method is null ? "outside Opaline" : $"{method.DeclaringType}.{method.Name}";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Endpoint} failed: {Kind} in {Where}.")]
    private static partial void Failed(ILogger logger, string endpoint, string kind, string where);
}
