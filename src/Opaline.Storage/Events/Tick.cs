namespace Opaline.Storage;

/// <summary>One public clock tick: what queries may see until the next.</summary>
/// <param name="Number">Periods since 1970; grows whether or not data changed.</param>
/// <param name="AsOf">The instant at which the period began, UTC.</param>
/// <param name="VisibleLsn">Rows with an <c>lsn</c> of at most this are visible.</param>
public sealed record Tick(long Number, DateTime AsOf, long VisibleLsn);
