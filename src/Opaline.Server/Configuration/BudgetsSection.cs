namespace Opaline.Server.Configuration;

/// <summary>How much may be learnt. The dataset's account is the guarantee; the others are quotas.</summary>
internal sealed class BudgetsSection
{
    /// <summary>Each dataset, all askers together.</summary>
    public AccountSection Dataset { get; init; } = new() { Epsilon = 20 };

    /// <summary>Each department.</summary>
    public AccountSection Department { get; init; } = new() { Epsilon = 15 };

    /// <summary>Each client or user.</summary>
    public AccountSection Principal { get; init; } = new() { Epsilon = 10 };

    /// <summary>Single datasets by name, instead of <see cref="Dataset"/>.</summary>
    public Dictionary<string, AccountSection> Datasets { get; init; } = [];

    /// <summary>Single departments by name, instead of <see cref="Department"/>.</summary>
    public Dictionary<string, AccountSection> Departments { get; init; } = [];

    /// <summary>Single callers by id, instead of <see cref="Principal"/>.</summary>
    public Dictionary<string, AccountSection> Principals { get; init; } = [];

    internal void Check(Faults faults)
    {
        Dataset.Check(faults.In(nameof(Dataset)));
        Department.Check(faults.In(nameof(Department)));
        Principal.Check(faults.In(nameof(Principal)));
        CheckNamed(Datasets, faults.In(nameof(Datasets)));
        CheckNamed(Departments, faults.In(nameof(Departments)));
        CheckNamed(Principals, faults.In(nameof(Principals)));
    }

    private static void CheckNamed(Dictionary<string, AccountSection> accounts, Faults faults)
    {
        foreach ((string name, AccountSection account) in accounts)
            account.Check(faults.In(name));
    }
}
