using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A dimension with its public domain, or a privately selected one.</summary>
internal sealed record PlannedField(string Name, Field Field, ImmutableArray<string>? Domain) : PlannedKey(Name)
{
    public override int? Values => Domain?.Length;
}
