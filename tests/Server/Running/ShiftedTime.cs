namespace Opaline.Server.Tests.Running;

/// <summary>The system's clock, moved ahead.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public ShiftedTime() => Ahead = TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (System.GetUtcNow().Ticks % TimeSpan.TicksPerMinute));

    /// <summary>At first so far that a minute begins now: what a test does at once falls into one.</summary>
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
