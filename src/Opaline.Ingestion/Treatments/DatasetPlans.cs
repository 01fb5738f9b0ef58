using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Opaline.Catalog;
using Opaline.Detection;
using Opaline.Storage;

namespace Opaline.Ingestion;

/// <summary>The plan of each dataset's newest version.</summary>
internal sealed class DatasetPlans(IEventStore events, ValueDetector detector, IOptions<IngestOptions> options)
{
    private readonly ConcurrentDictionary<long, DatasetPlan> _plans = new();
    private readonly ConcurrentDictionary<string, ActionNames> _actions = new(StringComparer.Ordinal);

    public async ValueTask<DatasetPlan> ForAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        if (_plans.TryGetValue(dataset.Id, out DatasetPlan? plan) && ReferenceEquals(plan.Dataset, dataset))
            return plan;
        ActionNames? actions = null;
        if (Array.Find([.. dataset.Fields], f => DatasetPlan.IsAction(dataset, f)) is { Treatment.Kind: TreatmentKind.Keep } action)
            actions = await ActionsAsync(dataset, action, cancellationToken);
        plan = new DatasetPlan(dataset, actions, detector);
        _plans[dataset.Id] = plan;
        return plan;
    }

    // Frames that wait in the inbox at a start are not seen here: the cap may be overshot by what they hold.
    private async Task<ActionNames> ActionsAsync(Dataset dataset, Field action, CancellationToken cancellationToken)
    {
        string column = EventTable.Column(action);
        string key = EventTable.Name(dataset) + "." + column;
        if (_actions.TryGetValue(key, out ActionNames? known))
            return known;
        await events.PrepareAsync(dataset, cancellationToken);
        int most = options.Value.MaxActions;
        IReadOnlyList<object?[]> rows = await events.AggregateAsync(
            $"SELECT DISTINCT {column} FROM {EventTable.Name(dataset)} WHERE {column} IS NOT NULL LIMIT $1", [(long)most], cancellationToken);
        return _actions.GetOrAdd(key, new ActionNames(most, rows.Select(r => (string)r[0]!)));
    }
}
