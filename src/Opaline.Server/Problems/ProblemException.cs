namespace Opaline.Server.Problems;

/// <summary>Thrown by the gateway to refuse a request.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public ProblemException(int status, string code, string detail, string? path = null)
        : this(new Problem(status, code, detail, path))
    {
    }

    public Problem Problem { get; } = problem;
}
