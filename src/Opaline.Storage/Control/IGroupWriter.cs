using System.Data.Common;

namespace Opaline.Storage;

/// <summary>What a group commit needs of an engine's one writing connection: SQLite's or PostgreSQL's.</summary>
internal interface IGroupWriter : IAsyncDisposable
{
    /// <summary>What a caller is told once the store refuses writes.</summary>
    string FailedMessage { get; }

    /// <summary>Begins the transaction of a group.</summary>
    DbTransaction Begin();

    /// <summary>Whether the transaction is still there after a work threw this, so that only that work has to be undone.</summary>
    bool GoesOn(Exception fault);

    /// <summary>The exception as the caller may see it.</summary>
    Exception Translate(Exception fault);

    /// <summary>Tells the operator, by the engine's code alone, that the store refuses writes from now on.</summary>
    void ReportFailure(Exception fault);

    /// <summary>Called when a group is durable and its callers know. False if the store has to refuse further writes.</summary>
    bool AfterCommit();
}
