using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Opaline.Storage;

/// <summary>
/// The one session that writes. It holds an advisory lock on the database: if the session is lost the lock is too, another server may have
/// written since, and so this one writes no more.
/// </summary>
internal sealed partial class PostgresWriter(NpgsqlConnection connection, ILogger logger) : IGroupWriter
{
    private readonly ILogger _logger = logger;

    public string FailedMessage =>
        "The control store could not be written and refuses further writes. Check the PostgreSQL server, then restart this one.";

    public DbTransaction Begin() => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    // A broken session is not open; an error of a statement leaves its transaction to be rolled back to the savepoint.
    public bool GoesOn(Exception fault) => connection.State == ConnectionState.Open;

    public Exception Translate(Exception fault) => PostgresFaults.Translate(fault);

    public void ReportFailure(Exception fault) => LogFailure(PostgresFaults.Code(fault));

    public bool AfterCommit() => true;

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    [LoggerMessage(Level = LogLevel.Critical, Message = "The control store failed (SQLSTATE {Code}) and refuses writes until the server is restarted.")]
    private partial void LogFailure(string code);
}
