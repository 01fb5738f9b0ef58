namespace Opaline.Analytics;

/// <summary>Budgets by kind of account, and of single accounts by name.</summary>
public sealed class BudgetsOptions
{
    /// <summary>Of a dataset: the guarantee.</summary>
    public BudgetOptions Dataset { get; set; } = new() { Epsilon = 20 };

    /// <summary>Of a department: a quota.</summary>
    public BudgetOptions Department { get; set; } = new() { Epsilon = 15 };

    /// <summary>Of a caller: a quota.</summary>
    public BudgetOptions Principal { get; set; } = new() { Epsilon = 10 };

    /// <summary>Of datasets by name.</summary>
    public Dictionary<string, BudgetOptions> Datasets { get; set; } = [];

    /// <summary>Of departments by name.</summary>
    public Dictionary<string, BudgetOptions> Departments { get; set; } = [];

    /// <summary>Of callers by id.</summary>
    public Dictionary<string, BudgetOptions> Principals { get; set; } = [];
}
