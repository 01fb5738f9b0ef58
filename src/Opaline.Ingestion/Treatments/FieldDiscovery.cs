using System.Globalization;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Detection;
using Opaline.Storage;

namespace Opaline.Ingestion;

/// <summary>Finds the treatment of every path of a batch; paths that nobody declared are declared first, as their values suggest.</summary>
internal sealed class FieldDiscovery(IControlStore control, CatalogStore catalog, AuditLog audit, DatasetPlans plans, ValueDetector detector)
{
    private readonly UnknownFields _unknown = new(detector);

    /// <summary>One treatment per path number.</summary>
    public async Task<FieldTreatment[]> TreatmentsAsync(
        Caller caller, DatasetPlan plan, BatchPaths paths, ParsedBatch parsed, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        FieldTreatment[] treatments = new FieldTreatment[paths.Count];
        for (int slot = 0; slot < plan.Dataset.Fields.Length; slot++)
            treatments[slot] = plan.Treatment(slot);
        Dictionary<int, List<Cell>> unknown = Unknown(plan, paths, parsed, body.Span);
        if (unknown.Count == 0)
            return treatments;

        List<FieldDeclaration> declarations = Suggest(unknown, paths, body.Span, DatasetRules.RoomForDiscovered(plan.Dataset.Fields));
        if (declarations.Count > 0)
        {
            AuditRecord record = Record(caller, plan.Dataset, declarations.Count);
            Dataset known = await control.WriteAsync(
                tx =>
                {
                    audit.Append(tx, record);
                    return catalog.AddFields(tx, plan.Dataset.Id, declarations);
                },
                cancellationToken);
            plan = plans.For(known);
        }

        foreach (int slot in unknown.Keys)
        {
            string name = paths.Name(slot);
            treatments[slot] = plan.Find(name) ?? new FieldTreatment(name, detector);
        }

        return treatments;
    }

    private static AuditRecord Record(Caller caller, Dataset dataset, int fields) => CallerRecord.Of(
        caller,
        AuditActions.CatalogChange,
        "dataset/" + dataset.Name,
        "ok",
        string.Create(CultureInfo.InvariantCulture, $$"""{"fields_first_seen":{{fields}}}"""));

    // The first values of each undeclared path. Events whose own subject stands in the path bring none: if only they have it, it gets no column.
    private static Dictionary<int, List<Cell>> Unknown(DatasetPlan plan, BatchPaths paths, ParsedBatch parsed, ReadOnlySpan<byte> body)
    {
        Dictionary<int, List<Cell>> unknown = [];
        foreach (ParsedEvent item in parsed.Events)
        {
            SubjectText? subject = null;
            for (int c = item.FirstCell; c < item.FirstCell + item.CellCount; c++)
            {
                Cell cell = parsed.Cells[c];
                if (cell.Slot < plan.Paths.Count)
                    continue;
                if (!unknown.TryGetValue(cell.Slot, out List<Cell>? cells))
                    unknown.Add(cell.Slot, cells = []);
                if (cells.Count >= UnknownFields.Sample)
                    continue;
                subject ??= new SubjectText(JsonText.Decode(item.Subject, body));
                if (!subject.Value.StandsIn(paths.Name(cell.Slot)))
                    cells.Add(cell);
            }
        }

        return unknown;
    }

    private List<FieldDeclaration> Suggest(Dictionary<int, List<Cell>> unknown, BatchPaths paths, ReadOnlySpan<byte> body, int room)
    {
        List<FieldDeclaration> declarations = [];
        foreach ((int slot, List<Cell> cells) in unknown)
        {
            if (declarations.Count >= room)
                break;
            if (_unknown.Suggest(paths.Name(slot), cells, body) is { } declaration)
                declarations.Add(declaration);
        }

        return declarations;
    }
}
