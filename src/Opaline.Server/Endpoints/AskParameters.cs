using Opaline.Analytics;
using Opaline.Server.OpenApi;

namespace Opaline.Server.Endpoints;

/// <summary>How an answer may be found, in the query string.</summary>
internal static class AskParameters
{
    public static QueryParameter Fresh { get; } = new("fresh", "true: ask for a new, charged release even if one is young enough.", "false");

    public static QueryParameter MaxAge { get; } = new("max_age", "How old, in seconds, a release of the identical plan may be to be given again at no cost.", "3600");

    public static AskOptions Read(HttpRequest request) => new(request.Flag(Fresh.Name), request.Seconds(MaxAge.Name));
}
