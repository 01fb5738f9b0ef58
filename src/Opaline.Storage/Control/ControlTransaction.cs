using System.Data.Common;

namespace Opaline.Storage;

/// <summary>One piece of work inside a group commit.</summary>
public sealed class ControlTransaction
{
    private readonly List<Action> _committed = [];

    internal ControlTransaction(DbTransaction transaction) => Transaction = transaction;

    /// <summary>The database transaction; never commit or roll it back.</summary>
    public DbTransaction Transaction { get; }

    /// <summary>Its connection.</summary>
    public DbConnection Connection => Transaction.Connection!;

    /// <summary>Runs after the group is durable and before the writer's task completes: the place to publish to caches. Must not throw.</summary>
    public void OnCommitted(Action action) => _committed.Add(action);

    internal void Committed()
    {
        foreach (Action action in _committed)
            action();
    }
}
