using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using ContributionBounds = Opaline.Catalog.ContributionBounds;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Makes a plan of a query, from the request and the catalog alone.</summary>
internal sealed class QueryPlanner(CatalogStore catalog, IOptions<AnalyticsOptions> options)
{
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public QueryPlan Plan(Tenant tenant, Query query, EarlierReleases? earlier = null) =>
        Plan(Find(catalog, tenant, query.Dataset, "$.dataset"), query, options.Value, earlier);

    /// <summary>The zone of the tenant's dataset of that name.</summary>
    /// <exception cref="QueryRefusedException">There is none.</exception>
    public string Zone(Tenant tenant, string dataset) => Find(catalog, tenant, dataset, "$.dataset").TimeZone;

    /// <summary>The tenant's dataset of that name.</summary>
    public static Dataset Find(CatalogStore catalog, Tenant tenant, string name, string path) =>
        (DatasetRules.IsDatasetName(name) ? catalog.Find(tenant, name) : null)
            ?? throw new QueryRefusedException(RefusalCodes.UnknownDataset, "There is no dataset of this name. GET /api/v1/datasets lists those there are.", path);

    /// <summary>Makes a plan for a dataset.</summary>
    public static QueryPlan Plan(Dataset dataset, Query query, AnalyticsOptions options, EarlierReleases? earlier = null)
    {
        if (query.Measures.IsDefaultOrEmpty)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "A query has at least one measure.", "$.measures");
        earlier ??= EarlierReleases.None;
        query = earlier.Resolve(query);
        ContributionBounds bounds = Bounds(query.Contribution ?? dataset.Bounds);
        ZoneCalendar calendar = RangePlanner.Calendar(query.TimeZone ?? dataset.TimeZone, "$.time_zone");
        TimeRange range = RangePlanner.Range(dataset, query, calendar);
        if (query.Where.Length > QueryLimits.MaxConditions || query.GroupBy.Length > QueryLimits.MaxKeys)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxConditions} conditions and {QueryLimits.MaxKeys} keys.", "$");
        ExpressionPlanner expressions = new(dataset, calendar, range);
        ImmutableArray<PlannedExpression> where = expressions.Conditions(query.Where);
        ImmutableArray<PlannedKey> keys = new KeyPlanner(dataset, expressions, calendar, range).Plan(query.GroupBy);
        ImmutableArray<double> errors = query.RelativeError is { } relative ? earlier.Errors(query, relative, PlanSummaries.Of(keys)) : [];
        Accuracy accuracy = Accuracy.Of(query, errors, options);
        // What units contribute is counted over all groups: these are no keys of its answer.
        ImmutableArray<PlannedKey> groups = keys;
        if (MeasurePlanner.IsAboutUnits(query.Measures))
            keys = [];
        bool privateKeys = keys.Any(k => k.Values is null);
        UnitShape unit = UnitShape.Of(dataset, keys, range);
        int? cells = privateKeys ? null : keys.Aggregate(1, (product, key) => product * key.Values!.Value);
        Nesting nesting = Nesting.For(bounds.Groups, cells, unit.CellsPerUnit, unit.Spans);
        // Where only subjects or units are counted, L means nothing, and two queries that differ in it are the same.
        int rows = query.Measures.All(m => m.Function is MeasureFunction.DistinctSubjects or MeasureFunction.Contributions) ? 1 : bounds.RowsPerGroup;
        ImmutableArray<MeasureDraft> drafts = new MeasurePlanner(expressions, nesting, rows, cells).Plan(query.Measures);
        (ImmutableArray<PlannedMeasure> measures, KeySelection? selection) = Pricing.Price(drafts, nesting, rows, privateKeys, accuracy, dataset.MinimumUnits);

        NanoRho cost = QueryPlan.CostOf(measures, selection);
        QueryPlan plan = new()
        {
            Dataset = dataset,
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
            Rows = rows,
            BoundsSetBy = query.ContributionRelease is { } release ? $"release:{release}" : query.Contribution is null ? "dataset" : "request",
            Mechanism = accuracy.Mechanism,
            Measures = measures,
            Selection = selection,
            UnitOffsets = unit.Offsets,
            Blocks = unit.Blocks,
            Cost = cost,
            Epsilon = Pricing.EpsilonOf(cost, accuracy, privateKeys),
            Delta = accuracy.Delta,
            At = (epsilon, delta) => Plan(dataset, query with { Epsilon = epsilon, Error = null, Delta = delta }, options),
        };
        return plan with { Hash = PlanBytes.Hash(plan) };
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
