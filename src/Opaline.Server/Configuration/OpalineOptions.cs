namespace Opaline.Server.Configuration;

/// <summary>Everything that can be configured, under the key <c>Opaline</c>. <c>.env.example</c> lists every key.</summary>
internal sealed class OpalineOptions
{
    public const string Section = "Opaline";

    public StorageSection Storage { get; init; } = new();

    public KeysSection Keys { get; init; } = new();

    public PrivacySection Privacy { get; init; } = new();

    public BudgetsSection Budgets { get; init; } = new();

    public AuditSection Audit { get; init; } = new();

    public AuthenticationSection Authentication { get; init; } = new();

    public RateLimitsSection RateLimits { get; init; } = new();

    public LimitsSection Limits { get; init; } = new();

    public SubjectsSection Subjects { get; init; } = new();

    internal void Check(Faults faults)
    {
        Storage.Check(faults.In(nameof(Storage)));
        Keys.Check(faults.In(nameof(Keys)));
        Privacy.Check(faults.In(nameof(Privacy)));
        Budgets.Check(faults.In(nameof(Budgets)));
        Audit.Check(faults.In(nameof(Audit)));
        Authentication.Check(faults.In(nameof(Authentication)));
        RateLimits.Check(faults.In(nameof(RateLimits)));
        Limits.Check(faults.In(nameof(Limits)));
        Subjects.Check(faults.In(nameof(Subjects)));
    }
}
