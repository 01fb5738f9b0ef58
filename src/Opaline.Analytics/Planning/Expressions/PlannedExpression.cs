using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>An expression with its type, its bounds and its public values, which the engine computes without ever failing.</summary>
/// <param name="Kind">What it gives.</param>
internal abstract record PlannedExpression(ValueKind Kind)
{
    /// <summary>The grid of a number; else null.</summary>
    public ValueGrid? Grid { get; init; }

    /// <summary>All values that it can have, as texts, where they are public and few; else null.</summary>
    public ImmutableArray<string>? Domain { get; init; }

    /// <summary>The expressions that it is made of.</summary>
    public virtual ImmutableArray<PlannedExpression> Arguments => [];

    /// <summary>The one text of what is computed: equal expressions have the same, others another.</summary>
    public abstract string Canonical { get; }

    /// <summary>The expression and all that it is made of.</summary>
    public IEnumerable<PlannedExpression> All() => [this, .. Arguments.SelectMany(a => a.All())];
}
