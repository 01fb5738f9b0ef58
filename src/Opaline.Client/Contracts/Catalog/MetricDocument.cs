using System.Text.Json;

namespace Opaline.Client.Contracts;

/// <summary>A named query of a dataset; body of <c>PUT /datasets/{name}/metrics/{metric}</c> too.</summary>
/// <param name="Name">1 to 64 characters of <c>a-z 0-9 _</c>.</param>
/// <param name="Query">The query without a range.</param>
/// <param name="ListedForViewers">Whether a Viewer may read its released answers.</param>
public sealed record MetricDocument(string Name, JsonElement Query, bool ListedForViewers = false);
