using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Opaline.Storage;

/// <summary>Turns SQLite's errors into ours. Only the numbers are kept: its texts can hold names and values.</summary>
internal static class SqliteFaults
{
    /// <summary>NOMEM, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB, READONLY: nobody can say what the disk holds after one of these.</summary>
    private static readonly int[] Fatal = [7, 10, 11, 13, 14, 26, 8];

    public static bool IsFatal(Exception exception) => Find(exception) is { } fault && Fatal.Contains(fault.SqliteErrorCode);

    /// <summary>SQLite's error code, or 0 if something else went wrong.</summary>
    public static int Code(Exception exception) => Find(exception)?.SqliteErrorCode ?? 0;

    /// <summary>The exception as the caller may see it.</summary>
    public static Exception Translate(Exception exception)
    {
        if (Find(exception) is { } fault)
            return new StorageFailureException($"The control store refused a statement (SQLite code {fault.SqliteErrorCode}/{fault.SqliteExtendedErrorCode}).");
        return exception is DbException or DbUpdateException
            ? new StorageFailureException("The control store refused a statement.")
            : exception;
    }

    private static SqliteException? Find(Exception? exception)
    {
        while (exception is not null and not SqliteException)
            exception = exception.InnerException;
        return (SqliteException?)exception;
    }
}
