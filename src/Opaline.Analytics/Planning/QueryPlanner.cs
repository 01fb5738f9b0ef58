using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using ContributionBounds = Opaline.Catalog.ContributionBounds;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Makes a plan of a query, from the request and the catalog alone.</summary>
internal sealed class QueryPlanner(CatalogStore catalog, IEventStore events, IOptions<AnalyticsOptions> options)
{
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public async Task<QueryPlan> PlanAsync(Tenant tenant, Query query, EarlierReleases earlier, CancellationToken cancellationToken)
    {
        Dataset dataset = Find(catalog, tenant, query.Dataset, "$.dataset");
        DateTime sealedThrough = await events.SealedThroughAsync(dataset, cancellationToken);
        return Plan((name, path) => Find(catalog, tenant, name, path), query, options.Value, earlier, sealedThrough);
    }

    /// <summary>The plan of a question whose range is not over, so that it nests.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public QueryPlan PlanOpen(Tenant tenant, Query query) =>
        Plan((name, path) => Find(catalog, tenant, name, path), query, options.Value, EarlierReleases.None, default);

    /// <summary>The zone of the tenant's dataset of that name.</summary>
    /// <exception cref="QueryRefusedException">There is none.</exception>
    public string Zone(Tenant tenant, string dataset) => Find(catalog, tenant, dataset, "$.dataset").TimeZone;

    /// <summary>The tenant's dataset of that name.</summary>
    public static Dataset Find(CatalogStore catalog, Tenant tenant, string name, string path) =>
        (DatasetRules.IsDatasetName(name) ? catalog.Find(tenant, name) : null)
            ?? throw new QueryRefusedException(RefusalCodes.UnknownDataset, "There is no dataset of this name. GET /api/v1/datasets lists those there are.", path);

    /// <summary>Makes a plan.</summary>
    /// <param name="find">The dataset of a name, which stands at a path of the question.</param>
    /// <param name="query">The question.</param>
    /// <param name="options">What it leaves open.</param>
    /// <param name="earlier">Releases that it names.</param>
    /// <param name="sealedThrough">The instant up to which every window of the first dataset is sealed, as public ticks say.</param>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public static QueryPlan Plan(
        Func<string, string, Dataset> find, Query query, AnalyticsOptions options, EarlierReleases earlier, DateTime sealedThrough)
    {
        Dataset dataset = find(query.Dataset, "$.dataset");
        query = earlier.Resolve(query);
        ZoneCalendar calendar = RangePlanner.Calendar(query.TimeZone ?? dataset.TimeZone, "$.time_zone");
        TimeRange range = RangePlanner.Range(dataset, query, calendar);
        if (query.Where.Length > QueryLimits.MaxConditions || query.GroupBy.Length > QueryLimits.MaxKeys)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxConditions} conditions and {QueryLimits.MaxKeys} keys.", "$");
        PlannedSource source = new SourcePlanner(find, calendar, range).Plan(query.Source, "$");
        Derivation? derivation = query.Measures.IsDefaultOrEmpty ? source.Derivation : null;
        if (query.Measures.IsDefaultOrEmpty && derivation is null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "A query has at least one measure.", "$.measures");
        if (source is PlannedActivity && derivation is null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Active users are answered in a form of their own: leave \"measures\" out.", "$.measures");
        ContributionBounds bounds = Bounds(query.Contribution ?? derivation?.Bounds ?? dataset.Bounds);
        (ImmutableArray<Measure> asked, ImmutableArray<GroupKey> by) = derivation is null
            ? (query.Measures, query.GroupBy)
            : (derivation.Measures, derivation.Keys(query.GroupBy));
        ExpressionPlanner expressions = new(source.Schema, calendar, range);
        ImmutableArray<PlannedExpression> where = expressions.Conditions(query.Where);
        ImmutableArray<PlannedKey> keys = new KeyPlanner(source.Schema, expressions, calendar, range).Plan(by);
        if (derivation is not null && query.RelativeError is not null)
            throw new QueryRefusedException(RefusalCodes.InvalidErrorTarget, "A behaviour has no error relative to an earlier release: give \"epsilon\".", "$.error");
        ImmutableArray<double> errors = query.RelativeError is { } relative ? earlier.Errors(query, relative, PlanSummaries.Of(keys)) : [];
        Accuracy accuracy = Accuracy.Of(query, errors, options);
        // What units contribute is counted over all groups: these are no keys of its answer.
        ImmutableArray<PlannedKey> groups = keys;
        if (MeasurePlanner.IsAboutUnits(asked))
            keys = [];
        bool privateKeys = keys.Any(k => k.Values is null);
        accuracy = accuracy with { Most = Pricing.MostOf(accuracy, privateKeys) };
        UnitShape unit = UnitShape.Of(source, keys, range);
        int? cells = privateKeys ? null : keys.Aggregate(1, (product, key) => product * key.Values!.Value);
        Nesting nesting = Nesting.For(bounds.Groups, cells, unit.CellsPerUnit, unit.Spans, unit.Coupled);
        // Where only subjects or units are counted, L means nothing, and two queries that differ in it are the same.
        bool counted = asked.All(m => m.Function is MeasureFunction.DistinctSubjects or MeasureFunction.Contributions);
        int rowsPerGroup = source.OneRow || counted ? 1 : bounds.RowsPerGroup;
        ImmutableArray<MeasureDraft> drafts = new MeasurePlanner(expressions, nesting, rowsPerGroup, cells).Plan(asked);
        QueryPlan nested = Priced(null);
        return OrdinalPlanner.Choose(nested, bounds.Groups, unit.CellsPerUnit, sealedThrough) is { } chosen
            ? Priced(chosen) with { NestedHash = nested.Hash }
            : nested;

        QueryPlan Priced(OrdinalTruncation? ordinals)
        {
            ImmutableArray<MeasureDraft> bounded = ordinals is null
                ? drafts
                : [.. drafts.Select(d => d with { Components = [.. d.Components.Select(c => (c.Shape, ordinals.SensitivityOf(c.Shape)))] })];
            int l0 = ordinals?.UnitBounds is { } units ? (int)units.L0 : checked((int)nesting.L0);
            (ImmutableArray<PlannedMeasure> measures, KeySelection? selection) = Pricing.Price(
                bounded, l0, rowsPerGroup, privateKeys, accuracy, source.Datasets.Max(d => d.MinimumUnits));
            NanoRho cost = QueryPlan.CostOf(measures, selection);
            QueryPlan plan = new()
            {
                Dataset = dataset,
                Source = source,
                Derivation = derivation,
                Calendar = calendar,
                Range = range,
                RangeOrigin = query.RangeOrigin,
                RangeDeclared = query is { From: null, To: null },
                Where = where,
                Keys = keys,
                Groups = groups,
                Cells = cells,
                Bounds = bounds,
                Nesting = nesting,
                Ordinals = ordinals,
                RowsPerGroup = rowsPerGroup,
                BoundsSetBy = query switch
                {
                    { ContributionRelease: { } release } => $"release:{release}",
                    { Contribution: not null } => "request",
                    _ => derivation?.Bounds is null ? "dataset" : "form",
                },
                Mechanism = accuracy.Mechanism,
                Measures = [.. measures, .. derivation?.Rates ?? []],
                Selection = selection,
                UnitOffsets = unit.Offsets,
                Blocks = unit.Blocks,
                Cost = cost,
                Epsilon = Pricing.EpsilonOf(cost, accuracy, privateKeys),
                Delta = accuracy.Delta,
                At = (epsilon, delta) => Plan(
                    find, query with { Epsilon = epsilon, Error = null, RelativeError = null, Delta = delta }, options, earlier, sealedThrough),
            };
            derivation?.Check(plan, query);
            ImmutableArray<byte> hash = PlanBytes.Hash(plan);
            return plan with { Hash = hash, NestedHash = hash };
        }
    }

    private static ContributionBounds Bounds(ContributionBounds bounds) => bounds switch
    {
        { Groups: < 1 or > QueryLimits.MaxBound } =>
            throw new QueryRefusedException(RefusalCodes.InvalidBounds, $"groups is a whole number from 1 to {QueryLimits.MaxBound}.", "$.contribution.groups"),
        { RowsPerGroup: < 1 or > QueryLimits.MaxBound } =>
            throw new QueryRefusedException(RefusalCodes.InvalidBounds, $"rows_per_group is a whole number from 1 to {QueryLimits.MaxBound}.", "$.contribution.rows_per_group"),
        _ => bounds,
    };
}
