namespace Opaline.Server.Configuration;

/// <summary>How much may be learnt. The dataset's account is the guarantee; the others are quotas.</summary>
internal sealed class BudgetsSection
{
    /// <summary>Each dataset, all askers together.</summary>
    public AccountSection Dataset { get; init; } = new() { Epsilon = 20, WindowDays = 30 };

    /// <summary>Each department.</summary>
    public AccountSection Department { get; init; } = new() { Epsilon = 20, WindowDays = 30 };

    /// <summary>Each client or user.</summary>
    public AccountSection Principal { get; init; } = new() { Epsilon = 20, WindowDays = 30 };

    internal void Check(Faults faults)
    {
        Dataset.Check(faults.In(nameof(Dataset)));
        Department.Check(faults.In(nameof(Department)));
        Principal.Check(faults.In(nameof(Principal)));
    }
}
