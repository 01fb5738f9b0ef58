using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>All datasets at one instant.</summary>
internal sealed record CatalogSnapshot(ImmutableSortedDictionary<long, Dataset> ById, ImmutableDictionary<(Tenant, string), long> Ids)
{
    public static CatalogSnapshot Empty { get; } =
        new(ImmutableSortedDictionary<long, Dataset>.Empty, ImmutableDictionary<(Tenant, string), long>.Empty);

    public CatalogSnapshot With(Dataset dataset) =>
        new(ById.SetItem(dataset.Id, dataset), Ids.SetItem((dataset.Tenant, dataset.Name), dataset.Id));
}
