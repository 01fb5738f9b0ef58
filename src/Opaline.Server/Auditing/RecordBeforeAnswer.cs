namespace Opaline.Server.Auditing;

/// <summary>
/// Writes the record of a call between its work and its answer: the result that the endpoint returned is sent only once the record is durable.
/// </summary>
internal sealed class RecordBeforeAnswer(CallRecorder recorder) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        object? result = await next(context);
        AuditedCall call = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<AuditedCall>()
            ?? throw new InvalidOperationException("Every endpoint of the API says how it is audited.");
        // Nothing is written twice: ingestion, queries and changes of the catalog record themselves, inside their own transaction.
        await recorder.SucceededAsync(context.HttpContext, call);
        return result;
    }
}
