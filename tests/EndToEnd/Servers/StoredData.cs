using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;

namespace Opaline.EndToEnd.Tests.Servers;

/// <summary>Looks into the files of a server that has ended.</summary>
internal static class StoredData
{
    /// <summary>Rows of a dataset, and how many different event keys they have.</summary>
    public static async Task<(long Rows, long Keys)> CountAsync(string dataFolder, string dataset)
    {
        long id = Convert.ToInt64(
            (await ControlAsync(dataFolder, "SELECT Id FROM dataset WHERE Name = $1", dataset))[0][0], CultureInfo.InvariantCulture);
        object?[] row = (await EventsAsync(dataFolder, string.Create(CultureInfo.InvariantCulture, $"SELECT count(*), count(DISTINCT event_key) FROM dataset_{id}")))[0];
        return (Convert.ToInt64(row[0], CultureInfo.InvariantCulture), Convert.ToInt64(row[1], CultureInfo.InvariantCulture));
    }

    /// <summary>The actions of the built-in dataset with their numbers of rows.</summary>
    public static async Task<Dictionary<string, long>> ActionsAsync(string dataFolder)
    {
        object?[] field = (await ControlAsync(
            dataFolder, "SELECT dataset.Id, field.Id FROM dataset JOIN field ON field.DatasetId = dataset.Id WHERE dataset.Name = 'events' AND field.Name = 'action'"))[0];
        List<object?[]> rows = await EventsAsync(
            dataFolder, string.Create(CultureInfo.InvariantCulture, $"SELECT field_{field[1]}, count(*) FROM dataset_{field[0]} GROUP BY 1"));
        return rows.Where(r => r[0] is string).ToDictionary(r => (string)r[0]!, r => Convert.ToInt64(r[1], CultureInfo.InvariantCulture));
    }

    public static async Task<List<object?[]>> ControlAsync(string dataFolder, string sql, params object[] parameters)
    {
        await using SqliteConnection connection = new($"Data Source={Path.Combine(dataFolder, "control.db")};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), parameters[i]);
        return await ReadAsync(command);
    }

    private static async Task<List<object?[]>> EventsAsync(string dataFolder, string sql)
    {
        await using DuckDBConnection connection = new($"DataSource={Path.Combine(dataFolder, "events.duckdb")}");
        await connection.OpenAsync();
        await using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return await ReadAsync(command);
    }

    private static async Task<List<object?[]>> ReadAsync(System.Data.Common.DbCommand command)
    {
        List<object?[]> rows = [];
        await using System.Data.Common.DbDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            object?[] row = new object?[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
                row[i] = await reader.IsDBNullAsync(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }
}
