using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Opaline.Storage;

/// <summary>Turns PostgreSQL's errors into ours. Only the SQLSTATE is kept: its texts can hold names and values.</summary>
internal static class PostgresFaults
{
    public const string LockNotAvailable = PostgresErrorCodes.LockNotAvailable;
    public const string QueryCanceled = PostgresErrorCodes.QueryCanceled;

    // Not a code of PostgreSQL's own: the session is gone, and nobody was there to give one.
    private const string NoAnswer = "none";

    /// <summary>The server's SQLSTATE, or <c>none</c> if it did not answer.</summary>
    public static string Code(Exception? exception)
    {
        while (exception is not null and not PostgresException)
            exception = exception.InnerException;
        return exception is PostgresException fault ? fault.SqlState : NoAnswer;
    }

    /// <summary>The exception as the caller may see it.</summary>
    public static Exception Translate(Exception exception) => IsEngines(exception)
        ? new StorageFailureException($"The control store refused a statement (SQLSTATE {Code(exception)}).")
        : exception;

    /// <summary>Whether it came from the database or its driver.</summary>
    public static bool IsEngines(Exception exception) => exception is DbException or DbUpdateException;
}
