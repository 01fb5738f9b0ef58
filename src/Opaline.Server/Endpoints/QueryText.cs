using Microsoft.Extensions.Primitives;
using Opaline.Server.Problems;

namespace Opaline.Server.Endpoints;

/// <summary>Reads the query string. A parameter that is not known is refused: a misspelt one that is silently dropped would ask, and charge for, something else.</summary>
internal static class QueryText
{
    /// <summary>Declares the parameters of an endpoint, for the contract and for the check.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder builder, params QueryParameter[] parameters)
    {
        string[] names = [.. parameters.Select(p => p.Name)];
        return builder
            .WithMetadata([.. parameters])
            .AddEndpointFilter((context, next) =>
            {
                Check(context.HttpContext.Request, names);
                return next(context);
            });
    }

    /// <summary>The parameter, or null if it is absent.</summary>
    public static string? Text(this HttpRequest request, string name) =>
        request.Query.TryGetValue(name, out StringValues values) ? values.ToString() : null;

    /// <summary>Whether the flag is set; absent means no.</summary>
    public static bool Flag(this HttpRequest request, string name) => request.Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new ProblemException(StatusCodes.Status400BadRequest, ProblemCodes.BadParameter, $"{name} is true or false.", name),
    };

    /// <summary>A whole number of seconds, or null if it is absent.</summary>
    public static TimeSpan? Seconds(this HttpRequest request, string name)
    {
        if (request.Text(name) is not { } text)
            return null;
        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw new ProblemException(
                StatusCodes.Status400BadRequest, ProblemCodes.BadParameter, $"{name} is a whole number of seconds, such as 3600.", name);
    }

    private static void Check(HttpRequest request, string[] names)
    {
        foreach ((string name, StringValues values) in request.Query)
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                throw new ProblemException(
                    StatusCodes.Status400BadRequest,
                    ProblemCodes.UnknownParameter,
                    names.Length == 0 ? "This address takes no parameters." : $"A parameter is not known here; use {string.Join(", ", names)}.");
            }

            if (values.Count != 1)
                throw new ProblemException(StatusCodes.Status400BadRequest, ProblemCodes.BadParameter, $"Give {name} once.", name);
        }
    }
}
