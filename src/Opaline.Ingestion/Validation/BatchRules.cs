using Opaline.Catalog;

namespace Opaline.Ingestion;

/// <summary>What the events of one batch must keep to.</summary>
/// <param name="Limits">Limits of size and number.</param>
/// <param name="Range">The dataset's public time range.</param>
/// <param name="Latest">The latest time an event may have: now and a little.</param>
/// <param name="Zone">Zone of local times, or null where only RFC 3339 is accepted.</param>
/// <param name="Required">Slots besides subject and time that an event must have.</param>
internal sealed record BatchRules(IngestOptions Limits, TimeRange Range, DateTime Latest, TimeZoneInfo? Zone, IReadOnlyList<int> Required);
