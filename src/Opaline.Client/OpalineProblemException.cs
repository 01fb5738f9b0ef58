using System.Net;
using Opaline.Client.Contracts;

namespace Opaline.Client;

/// <summary>The server refused a call. The message is the problem's detail, which says what to do.</summary>
public sealed class OpalineProblemException(HttpStatusCode status, ProblemDocument problem)
    : Exception(problem.Detail ?? problem.Title ?? $"The server answered {(int)status}.")
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>The problem as the server stated it.</summary>
    public ProblemDocument Problem { get; } = problem;

    /// <summary>The problem's stable code, or <c>http_NNN</c> if something between client and server answered.</summary>
    public string Code => Problem.Code ?? $"http_{(int)Status}";
}
