namespace Opaline.Catalog;

/// <summary>A half-open range of UTC instants, [From, To).</summary>
/// <param name="From">First instant inside.</param>
/// <param name="To">First instant after; later than <paramref name="From"/>.</param>
public readonly record struct TimeRange(DateTime From, DateTime To)
{
    /// <summary>Whether the instant lies inside.</summary>
    public bool Contains(DateTime instant) => instant >= From && instant < To;
}
