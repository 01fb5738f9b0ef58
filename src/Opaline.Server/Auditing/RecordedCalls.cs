namespace Opaline.Server.Auditing;

/// <summary>Records calls of endpoints that others wrote, which no endpoint filter reaches.</summary>
internal static class RecordedCalls
{
    /// <summary>The record is durable before the endpoint runs, as it writes its answer by itself.</summary>
    public static TBuilder RecordedFirst<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            RequestDelegate answer = endpoint.RequestDelegate
                ?? throw new InvalidOperationException("Only an endpoint that answers can be recorded.");
            AuditedCall call = endpoint.Metadata.OfType<AuditedCall>().Last();
            endpoint.RequestDelegate = async context =>
            {
                await context.RequestServices.GetRequiredService<CallRecorder>().SucceededAsync(context, call);
                await answer(context);
            };
        });
        return builder;
    }
}
