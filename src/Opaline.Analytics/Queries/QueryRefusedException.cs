namespace Opaline.Analytics;

/// <summary>A query that cannot be planned. It was decided from the request and the catalog alone: no data was looked at, nothing was charged.</summary>
/// <param name="code">One of <see cref="RefusalCodes"/>.</param>
/// <param name="detail">What is wrong and what to do; safe to show.</param>
/// <param name="path">Where: a JSON path such as <c>$.where[0].field</c>, a fragment of SQL, the name of a parameter, or null.</param>
/// <param name="suggestion">A form that would be accepted, or null.</param>
public sealed class QueryRefusedException(string code, string detail, string? path = null, string? suggestion = null) : Exception(detail)
{
    /// <summary>A stable code, one of <see cref="RefusalCodes"/> or <see cref="SqlRefusalCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>Where: a JSON path such as <c>$.where[0].field</c>, a fragment of SQL, the name of a parameter, or null. For the caller, never for a log.</summary>
    public string? Path { get; } = path;

    /// <summary>A form that would be accepted, or null. For the caller, never for a log.</summary>
    public string? Suggestion { get; } = suggestion;

    /// <summary>The SQL that was refused while it was read, for the log: without its literals, and of what is no SELECT its keywords only. Null for anything else.</summary>
    public string? Text { get; internal set; }
}
