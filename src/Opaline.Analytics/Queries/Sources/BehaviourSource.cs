using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>Rows that are made of the order and the times of a subject's events.</summary>
public abstract record BehaviourSource : Source
{
    private protected BehaviourSource(string events) => Events = events;

    /// <summary>Name of the dataset whose rows are the events.</summary>
    public string Events { get; init; }

    /// <summary>Conditions on events, all of which must hold; what they leave out is skipped.</summary>
    public ImmutableArray<Expression> Where { get; init; } = [];

    /// <inheritdoc />
    public override string Dataset => Events;
}
