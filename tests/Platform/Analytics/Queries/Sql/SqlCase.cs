namespace Opaline.Platform.Tests.Analytics.Queries.Sql;

/// <summary>A query of the corpus.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="Code">The code of its refusal, or null.</param>
/// <param name="Fragment">The fragment that its refusal names, or null for any.</param>
/// <param name="Json">The same question in its JSON form, but for how it is shown; or null.</param>
internal sealed record SqlCase(string Sql, string? Code, string? Fragment, string? Json);
