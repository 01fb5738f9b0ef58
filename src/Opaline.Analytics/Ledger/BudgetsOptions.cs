namespace Opaline.Analytics;

/// <summary>Budgets by kind of account, and of single accounts by name.</summary>
public sealed class BudgetsOptions
{
    /// <summary>Of a dataset: the guarantee.</summary>
    public AccountOptions Dataset { get; set; } = new() { Epsilon = 20 };

    /// <summary>Of a department: a quota.</summary>
    public AccountOptions Department { get; set; } = new() { Epsilon = 15 };

    /// <summary>Of a caller: a quota.</summary>
    public AccountOptions Principal { get; set; } = new() { Epsilon = 10 };

    /// <summary>Of datasets by name.</summary>
    public Dictionary<string, AccountOptions> Datasets { get; set; } = [];

    /// <summary>Of departments by name.</summary>
    public Dictionary<string, AccountOptions> Departments { get; set; } = [];

    /// <summary>Of callers by id.</summary>
    public Dictionary<string, AccountOptions> Principals { get; set; } = [];
}
