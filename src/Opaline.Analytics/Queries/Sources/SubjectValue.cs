namespace Opaline.Analytics;

/// <summary>A number about a subject, with public bounds.</summary>
/// <param name="Name">Its name as a field of the source.</param>
/// <param name="Function">What of the subject's rows.</param>
/// <param name="Argument">A number, of <see cref="SubjectFunction.DistinctValues"/> and of a count any value; null for a count of rows.</param>
/// <param name="Clamp">
/// Public bounds. Without them the least and the greatest have those of their argument, and a count or a sum only those of exact arithmetic: it is compared,
/// grouped by and limited by <see cref="Operation.Least"/>, and not added up as it is.
/// </param>
public sealed record SubjectValue(string Name, SubjectFunction Function, Expression? Argument = null, ClampRange? Clamp = null)
{
    /// <summary>Rows that count; null for all.</summary>
    public Expression? Filter { get; init; }
}
