using System.Data.Common;
using System.Globalization;

namespace Opaline.Storage;

/// <summary>
/// The keys of events whose rows were erased. A client that repeats such an event, not knowing whether it arrived, is answered as for any repetition, and nothing is stored: the
/// person does not come back by a retry. The keys are keyed digests that name nobody, and are forgotten when repetitions end.
/// </summary>
public static class ErasedEventTable
{
    private const int KeysPerStatement = 400;

    /// <summary>Remembers the keys; one that is known stays as it is.</summary>
    public static void Insert(ControlTransaction transaction, IEnumerable<Guid> keys, DateTime erasedAt)
    {
        foreach (Guid[] chunk in keys.Chunk(KeysPerStatement))
        {
            string values = string.Join(',', Enumerable.Range(1, chunk.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"(@p{i},@p0)")));
            transaction.Execute(
                $"INSERT INTO erased_event (event_key, erased_at) VALUES {values} ON CONFLICT DO NOTHING", [UnixMicros.From(erasedAt), .. chunk.Select(Bytes)]);
        }
    }

    /// <summary>Those of the keys that are of erased events.</summary>
    public static HashSet<Guid> Among(DbConnection connection, IEnumerable<Guid> keys)
    {
        HashSet<Guid> found = [];
        // Mostly nobody was erased lately.
        if (connection.Scalar("SELECT 1 FROM erased_event LIMIT 1") is null)
            return found;
        foreach (Guid[] chunk in keys.Chunk(KeysPerStatement))
        {
            string list = string.Join(',', Enumerable.Range(0, chunk.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"@p{i}")));
            using DbCommand command = connection.Command($"SELECT event_key FROM erased_event WHERE event_key IN ({list})", [.. chunk.Select(Bytes)]);
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
                found.Add(new Guid(reader.GetFieldValue<byte[]>(0), bigEndian: true));
        }

        return found;
    }

    /// <summary>Forgets the keys of events erased before the instant and returns how many.</summary>
    public static int DeleteBefore(ControlTransaction transaction, DateTime instant) =>
        transaction.Execute("DELETE FROM erased_event WHERE erased_at < @p0", UnixMicros.From(instant));

    private static object? Bytes(Guid key) => key.ToByteArray(bigEndian: true);
}
