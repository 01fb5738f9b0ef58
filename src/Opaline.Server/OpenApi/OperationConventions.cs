using Opaline.Client.Contracts;

namespace Opaline.Server.OpenApi;

/// <summary>How endpoints say what the contract shows of them.</summary>
internal static class OperationConventions
{
    /// <summary>An example of the body, as JSON.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder builder, string json) => builder.WithMetadata(new BodyExample(json));

    /// <summary>One of several examples of the body, as JSON.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder builder, string name, string summary, string json) =>
        builder.WithMetadata(new BodyExample(json, name, summary));

    /// <summary>Another form that the body may have, besides the one that it accepts.</summary>
    public static RouteHandlerBuilder AcceptsToo<T>(this RouteHandlerBuilder builder) => builder.WithMetadata(new BodyForm(typeof(T)));

    /// <summary>The refusals that this call may meet besides those that any call may.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, params int[] statuses)
    {
        foreach (int status in statuses)
            builder.Produces<ProblemDocument>(status, "application/problem+json");
        return builder;
    }
}
