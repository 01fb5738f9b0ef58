namespace Opaline.Analytics;

/// <summary>The event store failed, for whatever reason. The charge stays as a voucher: the identical plan asked again completes under it.</summary>
public sealed class EngineFailureException() : Exception(Text)
{
    /// <summary>The stable code.</summary>
    public const string Code = "engine_failure";

    private const string Text = "The query could not be completed. What it cost stays charged; ask the identical query again to complete it without a new charge.";
}
