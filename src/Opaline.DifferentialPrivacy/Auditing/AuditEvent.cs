namespace Opaline.DifferentialPrivacy;

/// <summary>A set of outputs that is likelier on one input than on the other.</summary>
/// <param name="Score">The score of a run.</param>
/// <param name="Threshold">What it is compared with.</param>
/// <param name="Reached">Whether the event is that the score reaches the threshold, or that it does not.</param>
/// <param name="FirstIsLikelier">On which input the event should be likelier.</param>
/// <param name="Promise">The bound to be expected of it.</param>
internal sealed record AuditEvent(IEventScore Score, double Threshold, bool Reached, bool FirstIsLikelier, double Promise)
{
    /// <summary>In how many of the runs it happened; scratch has a place for each.</summary>
    public long Count(ReadOnlySpan<double> outputs, Span<double> scratch)
    {
        Score.Evaluate(outputs, scratch);
        long reached = 0;
        foreach (double score in scratch)
            reached += score >= Threshold ? 1 : 0;
        return Reached ? reached : scratch.Length - reached;
    }

    public override string ToString() => Score.Describe(Threshold, Reached);
}
