namespace Opaline.Catalog;

/// <summary>Time zones by their IANA name, such as Europe/Vienna or UTC.</summary>
public static class IanaZone
{
    /// <summary>The zone of that name, or null.</summary>
    public static TimeZoneInfo? Find(string? id) =>
        id is { Length: > 0 and <= 64 }
        && !id.Contains('\0', StringComparison.Ordinal)
        && TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? found)
        && found.HasIanaId
            ? found
            : null;
}
