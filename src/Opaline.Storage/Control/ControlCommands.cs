using System.Data.Common;
using System.Globalization;

namespace Opaline.Storage;

/// <summary>Commands with positional parameters, for code that writes portable SQL against the control store.</summary>
public static class ControlCommands
{
    /// <summary>A command of the transaction. Parameters are named <c>@p0</c>, <c>@p1</c>, … in the order given.</summary>
    public static DbCommand Command(this ControlTransaction transaction, string sql, params ReadOnlySpan<object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        DbCommand command = Command(transaction.Connection, sql, parameters);
        command.Transaction = transaction.Transaction;
        return command;
    }

    /// <summary>A command of the connection. Parameters are named <c>@p0</c>, <c>@p1</c>, … in the order given.</summary>
    public static DbCommand Command(this DbConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(connection);
        DbCommand command = Command(connection, sql);
        for (int i = 0; i < parameters.Length; i++)
        {
            if (i < command.Parameters.Count)
                command.Parameters[i].Value = Value(parameters[i]);
            else
                command.Parameters.Add(Named(command.CreateParameter(), i, parameters[i]));
        }

        return command;
    }

    internal static void Add(this DbBatch batch, string sql, params ReadOnlySpan<object?> parameters)
    {
        DbBatchCommand command = batch.CreateBatchCommand();
#pragma warning disable CA2100 // The SQL is a constant of the caller; values go by parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < parameters.Length; i++)
            command.Parameters.Add(Named(command.CreateParameter(), i, parameters[i]));
        batch.BatchCommands.Add(command);
    }

    private static DbParameter Named(DbParameter parameter, int place, object? value)
    {
        parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{place}");
        parameter.Value = Value(value);
        return parameter;
    }

    private static object Value(object? value) => value is string text ? StoredText.Of(text) : value ?? DBNull.Value;

    private static DbCommand Command(DbConnection connection, string sql)
    {
        if (connection is SqliteSession session)
            return session.Command(sql);
        DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is a constant of the caller; values go by parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    /// <summary>Runs the statement in the transaction and returns how many rows it touched.</summary>
    public static int Execute(this ControlTransaction transaction, string sql, params ReadOnlySpan<object?> parameters)
    {
        using DbCommand command = transaction.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement for every row of some columns and returns how many rows it touched.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="perRow">SQLite's: run again and again, with the values of a row as parameters.</param>
    /// <param name="perColumn">PostgreSQL's: run once, with whole columns as parameters, which are arrays.</param>
    /// <param name="columns">The columns, all of the same length.</param>
    public static int ExecuteColumns(this ControlTransaction transaction, string perRow, string perColumn, params ReadOnlySpan<Array> columns)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.Connection is not SqliteSession)
            return transaction.Execute(perColumn, [.. columns]);
        int touched = 0;
        using DbCommand command = transaction.Command(perRow, new object?[columns.Length]);
        for (int row = 0; row < columns[0].Length; row++)
        {
            for (int i = 0; i < columns.Length; i++)
                command.Parameters[i].Value = columns[i].GetValue(row);
            touched += command.ExecuteNonQuery();
        }

        return touched;
    }

    /// <summary>Runs one or more statements and reads what they return.</summary>
    public static T Query<T>(this DbConnection connection, string sql, IReadOnlyList<object?> parameters, Func<DbDataReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(read);
        using DbCommand command = connection.Command(sql, [.. parameters]);
        using DbDataReader reader = command.ExecuteReader();
        return read(reader);
    }

    /// <summary>The first column of the first row, or null.</summary>
    public static object? Scalar(this DbConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using DbCommand command = connection.Command(sql, parameters);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>The first column of the first row as a whole number, whichever type the engine gives it, or null.</summary>
    public static long? Number(this DbConnection connection, string sql, params ReadOnlySpan<object?> parameters) =>
        connection.Scalar(sql, parameters) is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
}
