using Opaline.Client.Contracts;

namespace Opaline.Server.OpenApi;

/// <summary>How endpoints say what the contract shows of them.</summary>
internal static class OperationConventions
{
    /// <summary>An example of the body, as JSON.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder builder, string json) => builder.WithMetadata(new BodyExample(json));

    /// <summary>The refusals that this call may meet besides those that any call may.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, params int[] statuses)
    {
        foreach (int status in statuses)
            builder.Produces<ProblemDocument>(status, "application/problem+json");
        return builder;
    }
}
