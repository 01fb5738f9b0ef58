namespace Opaline.Storage;

/// <summary>Instants as the stores hold them: microseconds since 1970-01-01T00:00:00Z in a BIGINT, alike in every engine.</summary>
public static class UnixMicros
{
    /// <summary>The instant as a number.</summary>
    public static long From(DateTime instant) => (instant.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The number as an instant, UTC.</summary>
    public static DateTime ToDateTime(long micros) => DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
