using System.Text;
using Opaline.Catalog;
using Opaline.Detection;

namespace Opaline.Ingestion;

/// <summary>A version of a dataset, prepared for reading its events.</summary>
internal sealed class DatasetPlan
{
    private readonly FieldTreatment[] _treatments;

    public DatasetPlan(Dataset dataset, ValueDetector detector)
    {
        Dataset = dataset;
        Paths = new FieldPaths(dataset);
        bool builtIn = IsBuiltIn(dataset);

        // Whoever declares a dataset may load files, which have local times; the built-in one speaks RFC 3339 only.
        LocalZone = builtIn ? null : TimeZoneInfo.FindSystemTimeZoneById(dataset.TimeZone);
        _treatments = [.. dataset.Fields.Select(f => new FieldTreatment(f, LocalZone, detector) { IsAction = IsAction(dataset, f) })];
        Required = builtIn ? [Paths.Find(Encoding.UTF8.GetBytes(EventsDataset.Action))] : [];
    }

    public Dataset Dataset { get; }

    public FieldPaths Paths { get; }

    public TimeZoneInfo? LocalZone { get; }

    /// <summary>Slots besides subject and time that every event must have.</summary>
    public IReadOnlyList<int> Required { get; }

    /// <summary>The treatment of a field's slot.</summary>
    public FieldTreatment Treatment(int slot) => _treatments[slot];

    /// <summary>The treatment of the field of that name, or null.</summary>
    public FieldTreatment? Find(string name) => Array.Find(_treatments, t => string.Equals(t.Name, name, StringComparison.Ordinal));

    private static bool IsBuiltIn(Dataset dataset) => string.Equals(dataset.Name, EventsDataset.Name, StringComparison.Ordinal);

    private static bool IsAction(Dataset dataset, Field field) =>
        IsBuiltIn(dataset) && string.Equals(field.Name, EventsDataset.Action, StringComparison.Ordinal);
}
