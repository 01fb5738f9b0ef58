using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A part of the dataset's time in the question's zone.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Offsets">How the zone's clock or calendar reads an instant.</param>
internal sealed record PlannedTimePart(TimePart Part, DayOffsets Offsets) : PlannedExpression(ValueKind.Number)
{
    public override string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"time({TimeParts.Word(Part)},{string.Join(';', Offsets.Segments.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Until?.Ticks}:{s.Seconds}")))})");
}
