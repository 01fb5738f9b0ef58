using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// The catalog. Reads are answered from an immutable snapshot in memory; writes go through a <see cref="ControlTransaction"/> and
/// become visible when it has committed.
/// </summary>
public sealed class CatalogStore
{
    private CatalogSnapshot _snapshot;

    private CatalogStore(CatalogSnapshot snapshot) => _snapshot = snapshot;

    /// <summary>All datasets of all tenants, by number.</summary>
    public IReadOnlyList<Dataset> All => [.. Snapshot.ById.Values];

    // Replaced by the writer only, as works of one group publish one after the other.
    private CatalogSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>The dataset of that name, or null.</summary>
    public Dataset? Find(Tenant tenant, string name) =>
        Snapshot is var snapshot && snapshot.Ids.TryGetValue((tenant, name), out long id) ? snapshot.ById[id] : null;

    /// <summary>The dataset of that number, or null.</summary>
    public Dataset? Find(long datasetId) => Snapshot.ById.GetValueOrDefault(datasetId);

    /// <summary>The tenant's datasets by name.</summary>
    public IReadOnlyList<Dataset> List(Tenant tenant) =>
        [.. Snapshot.ById.Values.Where(d => d.Tenant == tenant).OrderBy(d => d.Name, StringComparer.Ordinal)];

    /// <summary>Declares a dataset.</summary>
    /// <exception cref="CatalogRuleException">A rule is broken, or the name is taken.</exception>
    public Dataset Create(ControlTransaction transaction, DatasetDeclaration declaration)
    {
        Refuse(DatasetRules.Check(declaration));
        using ControlContext context = ControlContext.ForWriting(transaction);
        if (context.Datasets.Any(d => d.Tenant == declaration.Tenant.Value && d.Name == declaration.Name))
            throw new CatalogRuleException("name_taken", "name", "There is a dataset of that name; choose another.");
        DatasetRow row = CatalogRows.ToRow(declaration);
        // The field's rows are numbered as they are inserted; their order is their position's.
        context.Datasets.Add(row);
        return Save(transaction, context, row);
    }

    /// <summary>
    /// Adds fields that were first seen in traffic. A name that is there already is left alone, so that two batches may bring the same
    /// one; beyond <see cref="DatasetRules.MaxFields"/> fields nothing is added, and beyond <see cref="DatasetRules.MaxDiscoveredFields"/>
    /// nothing that was merely seen, so look what the returned dataset has.
    /// The version stays, unless a field is confirmed: what analysts may ask must not tell what came in.
    /// </summary>
    /// <exception cref="CatalogRuleException">A rule is broken, or there is no such dataset.</exception>
    public Dataset AddFields(ControlTransaction transaction, long datasetId, IReadOnlyList<FieldDeclaration> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Refuse([.. fields.SelectMany((f, i) => FieldRules.Check(f, $"fields[{i}]"))]);
        if (fields.Any(f => f.Role is FieldRole.Subject or FieldRole.Time))
            throw new CatalogRuleException("immutable", "fields", "The subject and the time of a dataset are declared with it.");
        using ControlContext context = ControlContext.ForWriting(transaction);
        DatasetRow row = Row(context, datasetId);
        HashSet<string> names = [.. row.Fields.Select(f => f.Name)];
        int position = row.Fields.Max(f => f.Position);
        int room = DatasetRules.RoomForDiscovered([.. row.Fields.Select(CatalogRows.FromRow)]);
        bool visible = false;
        foreach (FieldDeclaration field in fields)
        {
            bool discovered = DatasetRules.IsDiscovered(field.Classification);
            if (row.Fields.Count >= DatasetRules.MaxFields || (discovered && room <= 0) || !names.Add(field.Name))
                continue;
            room -= discovered ? 1 : 0;
            row.Fields.Add(CatalogRows.ToRow(field, ++position));
            visible |= field.Classification.State == ClassificationState.Confirmed;
        }

        row.Version += visible ? 1 : 0;
        return Save(transaction, context, row);
    }

    /// <summary>
    /// Changes a field. Another treatment gives a field that has a column a new number and so a new column: what was stored under the
    /// old treatment never mixes with the new.
    /// </summary>
    /// <exception cref="CatalogRuleException">A rule is broken, or there is no such dataset or field.</exception>
    public Dataset ChangeField(ControlTransaction transaction, long datasetId, string fieldName, Func<Field, Field> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        using ControlContext context = ControlContext.ForWriting(transaction);
        DatasetRow row = Row(context, datasetId);
        FieldRow old = row.Fields.Find(f => string.Equals(f.Name, fieldName, StringComparison.Ordinal))
            ?? throw new CatalogRuleException("unknown_field", "field", "There is no field of that name.");
        Field before = CatalogRows.FromRow(old);
        Field after = change(before);
        Refuse(FieldRules.CheckChange(before, after));
        FieldRow changed = CatalogRows.ToRow(after.ToDeclaration(), old.Position);
        changed.DatasetId = datasetId;
        bool differs = true;
        if (before.LosesColumnAs(after))
        {
            // Deleted before it is inserted again, as the name is unique.
            context.Remove(old);
            context.SaveChanges();
            context.Add(changed);
        }
        else
        {
            changed.Id = old.Id;
            context.Entry(old).CurrentValues.SetValues(changed);
            differs = context.Entry(old).State == EntityState.Modified;
        }

        // A change of nothing leaves the version, and with it every release that can still be replayed.
        row.Version += differs && (before.Visible || after.Visible) ? 1 : 0;
        return Save(transaction, context, row);
    }

    /// <summary>
    /// Sets what queries take that say nothing themselves, the minimum frequency of keys, and what becomes of erased rows. The first two stand in every plan
    /// and the last in none, so the version stays.
    /// </summary>
    /// <exception cref="CatalogRuleException">A rule is broken, or there is no such dataset.</exception>
    public Dataset ChangeBounds(
        ControlTransaction transaction, long datasetId, ContributionBounds? bounds, int? minimumUnits, ErasedRows? erasedRows = null)
    {
        using ControlContext context = ControlContext.ForWriting(transaction);
        DatasetRow row = Row(context, datasetId);
        (row.BoundGroups, row.BoundRows) = bounds is { } given ? (given.Groups, given.RowsPerGroup) : (row.BoundGroups, row.BoundRows);
        row.MinimumUnits = minimumUnits ?? row.MinimumUnits;
        row.ErasedRows = erasedRows?.ToString() ?? row.ErasedRows;
        Refuse(DatasetRules.CheckBounds(new ContributionBounds(row.BoundGroups, row.BoundRows), row.MinimumUnits));
        return Save(transaction, context, row);
    }

    /// <summary>Declares a metric or replaces the one of that name.</summary>
    /// <exception cref="CatalogRuleException">A rule is broken, or there is no such dataset.</exception>
    public Dataset PutMetric(ControlTransaction transaction, long datasetId, Metric metric)
    {
        Refuse(DatasetRules.Check(metric));
        using ControlContext context = ControlContext.ForWriting(transaction);
        DatasetRow row = Row(context, datasetId);
        MetricRow? known = row.Metrics.Find(m => string.Equals(m.Name, metric.Name, StringComparison.Ordinal));
        if (known is null)
        {
            row.Metrics.Add(new() { Name = metric.Name, QueryJson = metric.QueryJson, ListedForViewers = metric.ListedForViewers });
        }
        else
        {
            known.QueryJson = metric.QueryJson;
            known.ListedForViewers = metric.ListedForViewers;
        }

        return Save(transaction, context, row);
    }

    /// <summary>Reads the whole catalog.</summary>
    internal static CatalogStore Load(DbConnection connection)
    {
        using ControlContext context = ControlContext.ForReading(connection);
        CatalogSnapshot snapshot = CatalogSnapshot.Empty;
        foreach (DatasetRow row in context.Datasets.AsNoTracking().Include(d => d.Fields).Include(d => d.Metrics).AsSplitQuery())
            snapshot = snapshot.With(CatalogRows.FromRow(row));
        return new CatalogStore(snapshot);
    }

    private static void Refuse(IReadOnlyList<CatalogError> errors)
    {
        if (errors.Count > 0)
            throw new CatalogRuleException(errors);
    }

    private static DatasetRow Row(ControlContext context, long datasetId) =>
        context.Datasets.Include(d => d.Fields).Include(d => d.Metrics).AsSplitQuery().FirstOrDefault(d => d.Id == datasetId)
            ?? throw new CatalogRuleException("unknown_dataset", "dataset", "There is no such dataset.");

    private Dataset Save(ControlTransaction transaction, ControlContext context, DatasetRow row)
    {
        context.SaveChanges();
        Dataset dataset = CatalogRows.FromRow(row);
        transaction.OnCommitted(() => Volatile.Write(ref _snapshot, Snapshot.With(dataset)));
        return dataset;
    }
}
