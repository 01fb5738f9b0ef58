namespace Opaline.DifferentialPrivacy;

/// <summary>A number for each run by its outputs. The events of an audit are that it reaches a threshold, or that it does not.</summary>
internal interface IEventScore
{
    /// <summary>The scores of runs, whose outputs lie one after the other; never NaN.</summary>
    void Evaluate(ReadOnlySpan<double> outputs, Span<double> scores);

    /// <summary>In words for people, the event that the score is at least the threshold, or that it is below.</summary>
    string Describe(double threshold, bool reached);
}
