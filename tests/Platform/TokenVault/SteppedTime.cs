namespace Opaline.Platform.Tests.TokenVault;

/// <summary>A clock, of days and of intervals, that only the test moves.</summary>
internal sealed class SteppedTime(DateTime start) : TimeProvider
{
    private DateTime _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan step) => _now += step;

    public override DateTimeOffset GetUtcNow() => new(_now, TimeSpan.Zero);

    public override long GetTimestamp() => _now.Ticks;
}
