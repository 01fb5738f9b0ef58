namespace Opaline.Platform.Tests.Storage;

/// <summary>A clock that the test sets.</summary>
internal sealed class ManualTime(DateTime start) : TimeProvider
{
    public DateTime Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => new(Now, TimeSpan.Zero);
}
