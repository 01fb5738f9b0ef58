namespace Opaline.Analytics;

/// <summary>A number about a subject, with public bounds.</summary>
/// <param name="Name">Its name as a field of the source.</param>
/// <param name="Function">What of the subject's rows.</param>
/// <param name="Argument">A number, of <see cref="SubjectFunction.DistinctValues"/> and of a count any value; null for a count of rows.</param>
/// <param name="Clamp">Public bounds; counts and sums need them, the least and the greatest have those of their argument unless narrower ones are given.</param>
public sealed record SubjectValue(string Name, SubjectFunction Function, Expression? Argument = null, ClampRange? Clamp = null)
{
    /// <summary>Rows that count; null for all.</summary>
    public Expression? Filter { get; init; }
}
