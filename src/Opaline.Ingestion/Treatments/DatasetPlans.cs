using System.Collections.Concurrent;
using Opaline.Catalog;
using Opaline.Detection;

namespace Opaline.Ingestion;

/// <summary>The plan of each dataset's newest version.</summary>
internal sealed class DatasetPlans(ValueDetector detector)
{
    private readonly ConcurrentDictionary<long, DatasetPlan> _plans = new();

    public DatasetPlan For(Dataset dataset)
    {
        if (_plans.TryGetValue(dataset.Id, out DatasetPlan? plan) && ReferenceEquals(plan.Dataset, dataset))
            return plan;
        plan = new DatasetPlan(dataset, detector);
        _plans[dataset.Id] = plan;
        return plan;
    }
}
