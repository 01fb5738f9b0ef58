using System.Data.Common;

namespace Opaline.Storage;

/// <summary>One piece of work inside a group commit.</summary>
public sealed class ControlTransaction
{
    private const int MostWaiting = 64;

    private readonly DbTransaction _transaction;
    private readonly List<Action> _committed = [];

    // Null while nothing waits; always in an engine inside this process, which has no round trips to save.
    private DbBatch? _waiting;

    internal ControlTransaction(DbTransaction transaction) => _transaction = transaction;

    /// <summary>The database transaction, after what waited has run; never commit or roll it back.</summary>
    public DbTransaction Transaction
    {
        get
        {
            Flush();
            return _transaction;
        }
    }

    /// <summary>Its connection.</summary>
    public DbConnection Connection => Transaction.Connection!;

    /// <summary>Whether statements wait.</summary>
    internal bool Waits => _waiting is not null;

    /// <summary>
    /// Runs a statement of which nothing is to be known. A server gets it in one round trip with others, at the latest with the commit: should it fail, the whole work is undone and
    /// its caller told, as if it had failed at once. Parameters are named <c>@p0</c>, <c>@p1</c>, … in the order given.
    /// </summary>
    public void Enqueue(string sql, params ReadOnlySpan<object?> parameters)
    {
        DbConnection connection = _transaction.Connection!;
        if (!connection.CanCreateBatch)
        {
            this.Execute(sql, parameters);
            return;
        }

        if (_waiting?.BatchCommands.Count == MostWaiting)
            Flush();
        if (_waiting is null)
        {
            _waiting = connection.CreateBatch();
            _waiting.Transaction = _transaction;
        }

        _waiting.Add(sql, parameters);
    }

    /// <summary>Runs after the group is durable and before the writer's task completes: the place to publish to caches. Must not throw.</summary>
    public void OnCommitted(Action action) => _committed.Add(action);

    /// <summary>Runs what waits and, in the same round trip, a statement after it; nothing where nothing waits.</summary>
    internal void Flush(string? last = null)
    {
        if (_waiting is null)
            return;
        using DbBatch batch = _waiting;
        _waiting = null;
        if (last is not null)
            batch.Add(last);
        batch.ExecuteNonQuery();
    }

    internal void Committed()
    {
        foreach (Action action in _committed)
            action();
    }
}
