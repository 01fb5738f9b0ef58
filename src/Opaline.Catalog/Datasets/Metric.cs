namespace Opaline.Catalog;

/// <summary>A named query of a dataset.</summary>
/// <param name="Name">1 to 64 characters of <c>a-z 0-9 _</c>; a declared name wins over the built-in <c>&lt;action&gt;_count</c>.</param>
/// <param name="QueryJson">The query in its JSON form, without a range.</param>
/// <param name="ListedForViewers">Whether a Viewer may read its released answers.</param>
public sealed record Metric(string Name, string QueryJson, bool ListedForViewers);
