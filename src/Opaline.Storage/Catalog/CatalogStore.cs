using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// The catalog. Reads are answered from an immutable snapshot in memory; writes go through a <see cref="ControlTransaction"/> and
/// become visible when it has committed.
/// </summary>
public sealed class CatalogStore
{
    internal CatalogStore()
    {
    }

    /// <summary>All datasets of all tenants, by number.</summary>
    public IReadOnlyList<Dataset> All => throw new NotSupportedException();

    /// <summary>The dataset of that name, or null.</summary>
    public Dataset? Find(Tenant tenant, string name) => throw new NotSupportedException();

    /// <summary>The dataset of that number, or null.</summary>
    public Dataset? Find(long datasetId) => throw new NotSupportedException();

    /// <summary>The tenant's datasets by name.</summary>
    public IReadOnlyList<Dataset> List(Tenant tenant) => throw new NotSupportedException();

    /// <summary>Declares a dataset.</summary>
    /// <exception cref="CatalogRuleException">A rule is broken, or the name is taken.</exception>
    public Dataset Create(ControlTransaction transaction, DatasetDeclaration declaration) => throw new NotSupportedException();

    /// <summary>
    /// Adds fields that were first seen in traffic. A name that is there already is left alone, so that two batches may bring the same
    /// one; beyond <see cref="DatasetRules.MaxFields"/> fields nothing is added, so look what the returned dataset has.
    /// </summary>
    /// <exception cref="CatalogRuleException">A rule is broken, or there is no such dataset.</exception>
    public Dataset AddFields(ControlTransaction transaction, long datasetId, IReadOnlyList<FieldDeclaration> fields) => throw new NotSupportedException();

    /// <summary>
    /// Changes a field. Another treatment gives the field a new number and so a new column: what was stored under the old treatment
    /// never mixes with the new.
    /// </summary>
    /// <exception cref="CatalogRuleException">A rule is broken, or there is no such dataset or field.</exception>
    public Dataset ChangeField(ControlTransaction transaction, long datasetId, string fieldName, Func<Field, Field> change) => throw new NotSupportedException();

    /// <summary>Declares a metric or replaces the one of that name.</summary>
    /// <exception cref="CatalogRuleException">A rule is broken, or there is no such dataset.</exception>
    public Dataset PutMetric(ControlTransaction transaction, long datasetId, Metric metric) => throw new NotSupportedException();
}
