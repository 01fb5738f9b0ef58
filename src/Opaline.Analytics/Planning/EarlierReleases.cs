using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>
/// Releases of the caller's tenant that a query builds on. What they told is public to whoever may ask about their dataset, so that bounds and errors taken
/// from them are constants like any others, and cost nothing more.
/// </summary>
internal sealed class EarlierReleases(ImmutableDictionary<string, ReleasedAnswer> found)
{
    /// <summary>None at all.</summary>
    public static EarlierReleases None { get; } = new(ImmutableDictionary<string, ReleasedAnswer>.Empty);

    /// <summary>The ids that a query names.</summary>
    public static ImmutableArray<string> NamedBy(Query query) =>
    [
        .. ((string?[])[query.ContributionRelease, query.RelativeError?.To, .. query.Measures.IsDefault ? [] : query.Measures.Select(m => m.ClampRelease)])
            .OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The query with the constants that the releases propose in the place of their ids.</summary>
    /// <exception cref="QueryRefusedException">A release is not there, is about something else, or proposes nothing.</exception>
    public Query Resolve(Query query)
    {
        if (query.ContributionRelease is { } bounds)
        {
            ReleasedAnswer release = Find(query, bounds, MeasureFunction.Contributions, null, "$.contribution.release");
            query = query with
            {
                Contribution = release.Proposed?.Contribution
                    ?? throw Nothing("$.contribution.release"),
            };
        }

        return query with { Measures = [.. query.Measures.Select((m, i) => Resolve(query, m, FormattableString.Invariant($"$.measures[{i}].clamp.release")))] };
    }

    /// <summary>The absolute errors of the measures that a relative one means.</summary>
    /// <exception cref="QueryRefusedException">The release is not there, or has other keys or measures, or told only zeros.</exception>
    public ImmutableArray<double> Errors(Query query, RelativeError error, IEnumerable<KeySummary> keys)
    {
        const string Path = "$.error.to";
        if (!double.IsFinite(error.Relative) || error.Relative <= 0)
            throw new QueryRefusedException(RefusalCodes.InvalidErrorTarget, "\"relative\" must be a number above 0, such as 0.02.", "$.error.relative");
        ReleasedAnswer release = found.GetValueOrDefault(error.To) is { } named
            && named.Plan.Dataset == query.Dataset
            && named.Plan.Keys.SequenceEqual(keys)
            && named.Plan.Measures.Select(m => (m.Function, m.Field)).SequenceEqual(query.Measures.Select(m => (m.Function, (m.Argument as FieldExpression)?.Name)))
                ? named
                : throw Unknown(Path);
        ImmutableArray<double> errors =
        [
            .. release.Plan.Measures.Select((_, i) =>
                error.Relative * release.Part(i, 1).Rows.SelectMany(r => r.Values).Select(v => Math.Abs((double)v.Value)).DefaultIfEmpty(0).Average()),
        ];
        return errors.All(e => e > 0)
            ? errors
            : throw new QueryRefusedException(RefusalCodes.InvalidErrorTarget, "The release told nothing but zeros: give an absolute error.", Path);
    }

    private static QueryRefusedException Unknown(string path) => new(
        RefusalCodes.UnknownRelease, "There is no release of this id of the same dataset, keys and measures that the query could build on.", path);

    private static QueryRefusedException Nothing(string path) => new(
        RefusalCodes.InvalidBounds, "Nothing stood out from the noise of this release, so it proposes no bounds: ask for one with a larger epsilon.", path);

    private Measure Resolve(Query query, Measure measure, string path)
    {
        if (measure.ClampRelease is not { } id)
            return measure;
        ReleasedAnswer release = Find(query, id, MeasureFunction.Bounds, (measure.Argument as FieldExpression)?.Name, path);
        return measure with { Clamp = release.Proposed?.Clamp ?? throw Nothing(path) };
    }

    private ReleasedAnswer Find(Query query, string id, MeasureFunction function, string? field, string path) =>
        found.GetValueOrDefault(id) is { } release && release.Plan.Dataset == query.Dataset && release.Plan.Measures is [{ } only]
        && only.Function == function && only.Field == field
            ? release
            : throw Unknown(path);
}
