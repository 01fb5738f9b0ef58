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
    /// <returns>The instant up to which every window is sealed then.</returns>
    public static async Task<DateTime> SealAsync(
        DbConnection connection, Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken)
    {
        (string key, long before, long applied) = await StateAsync(connection, dataset, cancellationToken);
        // A clock that goes back opens nothing again.
        long through = Math.Max(before, UnixMicros.From(TruncationWindow.SealedThrough(dataset, asOf)));
        if (through == before && visibleLsn == applied)
            return UnixMicros.ToDateTime(through);
        await RankAsync(connection, dataset, key, new TimeRange(Earliest, UnixMicros.ToDateTime(through)), visibleLsn, cancellationToken);
        await RunAsync(
            connection,
            $"UPDATE {OrdinalTables.Seal} SET sealed_through = $1, applied_lsn = $2 WHERE dataset_id = $3",
            [through, visibleLsn, dataset.Id],
            cancellationToken);
        return UnixMicros.ToDateTime(through);
    }

    /// <summary>Keeps the ordinals of rows that the caller's transaction will delete next; see <see cref="OrdinalStatements.Keep"/>.</summary>
    public static async Task KeepAsync(
        DbConnection connection, Dataset dataset, TimeRange range, string condition, CancellationToken cancellationToken)
    {
        (string key, _, _) = await StateAsync(connection, dataset, cancellationToken);
        OrdinalStatements statements = new(dataset, range, DayOffsets.For(Calendar(dataset), range.From, range.To), long.MaxValue);
        await RunAsync(connection, statements.Keep(condition), [key, dataset.Id], cancellationToken);
    }

    /// <summary>The query whose one number, if any, says through which instant (<see cref="UnixMicros"/>) the dataset <c>$1</c> is sealed.</summary>
    public static string Through { get; } = $"SELECT sealed_through FROM {OrdinalTables.Seal} WHERE dataset_id = $1";

    private static async Task<(string Key, long Through, long AppliedLsn)> StateAsync(
        DbConnection connection, Dataset dataset, CancellationToken cancellationToken)
    {
        await using (DbCommand command = Command(
            connection, $"SELECT prf_key, sealed_through, applied_lsn FROM {OrdinalTables.Seal} WHERE dataset_id = $1", [dataset.Id]))
        {
            await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
                return (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
        }

        (string key, long none) = (RandomNumberGenerator.GetHexString(64, lowercase: true), UnixMicros.From(Earliest));
        await RunAsync(connection, $"INSERT INTO {OrdinalTables.Seal} VALUES ($1, $2, $3, 0)", [dataset.Id, key, none], cancellationToken);
        return (key, none, 0);
    }

    // Whole windows at a time, as many as fit: windows do not see each other, so it does not matter which are ranked together.
    private static async Task RankAsync(DbConnection connection, Dataset dataset, string key, TimeRange range, long lsn, CancellationToken cancellationToken)
    {
        if (range.To <= range.From || await PendingAsync(connection, dataset, range, lsn, cancellationToken) is not { } pending)
            return;
        ZoneCalendar calendar = Calendar(dataset);
        DateOnly first = TruncationWindow.FirstDate(dataset.Unit, calendar.DateOf(pending.First));
        DateOnly end = TruncationWindow.Next(dataset.Unit, TruncationWindow.FirstDate(dataset.Unit, calendar.DateOf(pending.Last)));
        DateOnly second = TruncationWindow.Next(dataset.Unit, first);
        TimeRange windows = new(calendar.StartOf(first), calendar.StartOf(end));
        if (pending.Rows <= RowsAtOnce || second >= end)
        {
            OrdinalStatements statements = new(dataset, windows, DayOffsets.For(calendar, windows.From, windows.To), lsn);
            await RunAsync(connection, statements.Rank(), [key, dataset.Id], cancellationToken);
            return;
        }

        DateOnly middle = TruncationWindow.FirstDate(dataset.Unit, first.AddDays((end.DayNumber - first.DayNumber) / 2));
        DateTime cut = calendar.StartOf(middle > first ? middle : second);
        await RankAsync(connection, dataset, key, windows with { To = cut }, lsn, cancellationToken);
        await RankAsync(connection, dataset, key, windows with { From = cut }, lsn, cancellationToken);
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

    private static ZoneCalendar Calendar(Dataset dataset) => new(TimeZoneInfo.FindSystemTimeZoneById(dataset.TimeZone));

    private static DateTime Utc(DateTime instant) => DateTime.SpecifyKind(instant, DateTimeKind.Utc);
}
