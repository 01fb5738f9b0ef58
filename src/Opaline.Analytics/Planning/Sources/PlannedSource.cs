using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A source whose rows have been given names, types and bounds.</summary>
/// <param name="Schema">The rows as if they were a dataset's: the fields that a question may name. Their columns are those of the fields' numbers.</param>
internal abstract record PlannedSource(Dataset Schema)
{
    /// <summary>The datasets that are read and whose accounts pay, each once; those about nobody pay nothing.</summary>
    public abstract ImmutableArray<Dataset> Datasets { get; }

    /// <summary>Whether a row can depend on rows of several units of its subject, if the range has several.</summary>
    public abstract bool Couples { get; }

    /// <summary>The most groups of one subject that its rows can make whatever the keys are; null for any number.</summary>
    public virtual int? MaxGroups => null;

    /// <summary>Whether a subject has at most one row, so that no row bound has anything to cut.</summary>
    public virtual bool OneRow => false;

    /// <summary>The most rows that each side of a join that is read brings where they multiply; null where there is no such join.</summary>
    public virtual int? MaxPerSide => null;

    /// <summary>How the answer is made of the noisy cells; null for a row per cell.</summary>
    public virtual Derivation? Derivation => null;

    /// <summary>The one text of what is read.</summary>
    public abstract string Canonical { get; }

    /// <summary>The one text of how times are read.</summary>
    protected static string Text(DayOffsets? offsets) => string.Join(
        ';', (offsets?.Segments ?? []).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Until?.Ticks}:{s.Seconds}")));

    /// <summary>The one text of expressions, in brackets.</summary>
    protected static string Text(IEnumerable<PlannedExpression> expressions) => $"[{string.Join(',', expressions.Select(e => e.Canonical))}]";
}
