using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// Gives the rows of windows that are over their contribution ordinals, on a connection whose transaction is the caller's. What it does depends
/// on each subject's own rows and on the public ticks at which it runs: not on what else is there, and not on how rows were batched between two ticks.
/// </summary>
internal static class WindowSealing
{
    // How many rows are ranked by one statement if more than one window waits; the engine's memory decides.
    private const long RowsAtOnce = 1_000_000;

    private static readonly DateTime Earliest = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// Seals every window that is to be sealed as of a tick, and ranks what came late for windows that were sealed before. To be called when all
    /// rows that the tick shows are in the table, and before the tick is published.
    /// </summary>
    /// <param name="connection">A connection in a transaction of the only settler.</param>
    /// <param name="dataset">The dataset as it is now.</param>
    /// <param name="asOf">When the tick began.</param>
    /// <param name="visibleLsn">The last frame that the tick shows. All of its rows are in the table; later ones may be, and wait for the next tick.</param>
    /// <param name="cancellationToken">Gives up; the transaction is to be rolled back then.</param>
    /// <returns>What is sealed then.</returns>
    /// <exception cref="StorageFailureException">Two rows would have the same place in a window. The transaction is to be rolled back.</exception>
    public static async Task<OrdinalSeal> SealAsync(
        DbConnection connection, Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken)
    {
        State state = await StateAsync(connection, dataset, cancellationToken);
        long dimension = OrdinalSeal.DimensionOf(dataset);
        // Ranks of two groupings in one dataset would bound neither. What was sealed under another stays as it is, and no plan uses it.
        if (state.Dimension != dimension && state.Through > UnixMicros.From(Earliest))
            return new OrdinalSeal(state.Dimension, UnixMicros.ToDateTime(state.Through));
        // A clock that goes back opens nothing again.
        long through = Math.Max(state.Through, UnixMicros.From(TruncationWindow.SealedThrough(dataset, asOf)));
        OrdinalSeal seal = new(dimension, UnixMicros.ToDateTime(through));
        if (state == (state with { Dimension = dimension, Through = through, AppliedLsn = visibleLsn }))
            return seal;
        await RankAsync(connection, dataset, state with { Dimension = dimension }, new TimeRange(Earliest, seal.Through), visibleLsn, cancellationToken);
        await RunAsync(
            connection,
            $"UPDATE {OrdinalSeal.Table} SET dimension = $1, sealed_through = $2, applied_lsn = $3 WHERE dataset_id = $4",
            [dimension, through, visibleLsn, dataset.Id],
            cancellationToken);
        return seal;
    }

    private static async Task<State> StateAsync(
        DbConnection connection, Dataset dataset, CancellationToken cancellationToken)
    {
        await using (DbCommand command = Command(
            connection, $"SELECT prf_key, dimension, sealed_through, applied_lsn FROM {OrdinalSeal.Table} WHERE dataset_id = $1", [dataset.Id]))
        {
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
                return new State(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
        }

        State fresh = new(RandomNumberGenerator.GetHexString(64, lowercase: true), OrdinalSeal.DimensionOf(dataset), UnixMicros.From(Earliest), 0);
        await RunAsync(
            connection,
            $"INSERT INTO {OrdinalSeal.Table} VALUES ($1, $2, $3, $4, $5)",
            [dataset.Id, fresh.Key, fresh.Dimension, fresh.Through, fresh.AppliedLsn],
            cancellationToken);
        return fresh;
    }

    // Whole windows at a time, as many as fit: windows do not see each other, so it does not matter which are ranked together.
    private static async Task RankAsync(DbConnection connection, Dataset dataset, State state, TimeRange range, long lsn, CancellationToken cancellationToken)
    {
        if (range.To <= range.From || await PendingAsync(connection, dataset, range, lsn, cancellationToken) is not { } pending)
            return;
        ZoneCalendar calendar = ZoneCalendar.Of(dataset);
        DateOnly first = TruncationWindow.FirstDate(dataset.Unit, calendar.DateOf(pending.First));
        DateOnly end = TruncationWindow.Next(dataset.Unit, TruncationWindow.FirstDate(dataset.Unit, calendar.DateOf(pending.Last)));
        DateOnly second = TruncationWindow.Next(dataset.Unit, first);
        TimeRange windows = new(calendar.StartOf(first), calendar.StartOf(end));
        if (pending.Rows <= RowsAtOnce || second >= end)
        {
            OrdinalStatements statements = new(dataset, state.Dimension, windows, DayOffsets.For(calendar, windows.From, windows.To), lsn);
            await RunAsync(connection, statements.Rank(), [state.Key], cancellationToken);
            await RefuseRepeatedAsync(connection, statements.Repeated(UnixMicros.ToDateTime(state.Through), state.AppliedLsn), cancellationToken);
            return;
        }

        DateOnly middle = TruncationWindow.FirstDate(dataset.Unit, first.AddDays((end.DayNumber - first.DayNumber) / 2));
        DateTime cut = calendar.StartOf(middle > first ? middle : second);
        await RankAsync(connection, dataset, state, windows with { To = cut }, lsn, cancellationToken);
        await RankAsync(connection, dataset, state, windows with { From = cut }, lsn, cancellationToken);
    }

    private static async Task<(long Rows, DateTime First, DateTime Last)?> PendingAsync(
        DbConnection connection, Dataset dataset, TimeRange range, long lsn, CancellationToken cancellationToken)
    {
        await using DbCommand command = Command(connection, OrdinalStatements.Pending(dataset, range, lsn), []);
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        long rows = Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture);
        return rows == 0 ? null : (rows, Utc(reader.GetDateTime(1)), Utc(reader.GetDateTime(2)));
    }

    private static async Task RefuseRepeatedAsync(DbConnection connection, string repeated, CancellationToken cancellationToken)
    {
        await using DbCommand command = Command(connection, repeated, []);
        if (Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) > 0)
            throw new StorageFailureException("Rows of a sealed window have the same place twice; restore the events from a backup. Nothing was ranked.");
    }

    private static async Task RunAsync(DbConnection connection, string sql, object[] parameters, CancellationToken cancellationToken)
    {
        await using DbCommand command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(DbConnection connection, string sql, object[] parameters)
    {
        DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this assembly, numbered names, and instants of calendars.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (object value in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static DateTime Utc(DateTime instant) => DateTime.SpecifyKind(instant, DateTimeKind.Utc);

    // One row of the table.
    private sealed record State(string Key, long Dimension, long Through, long AppliedLsn);
}
