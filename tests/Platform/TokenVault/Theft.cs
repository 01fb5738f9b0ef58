using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Opaline.Catalog;
using Opaline.KeyManagement;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;
using Opaline.Tokenization;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault;

/// <summary>What a thief does with copies of the data folder and of the logs, with and without the root key.</summary>
internal sealed partial class Theft : IAsyncDisposable
{
    private const int Prefix = 8;

    private readonly string[] _folders;
    private readonly byte[] _log;
    private readonly EmbeddedStores _stores;
    private byte[]? _columns;

    /// <param name="folders">Copies of the data folder, the newest last.</param>
    /// <param name="log">Everything that was logged.</param>
    public Theft(string[] folders, byte[] log)
    {
        // Opening the newest changes it: it is looked at as it was stolen, and opened in another place.
        (_folders, _log) = (folders, log);
        string opened = folders[^1] + "-opened";
        Copy(folders[^1], opened);
        _stores = new EmbeddedStores(opened);
    }

    /// <summary>Copies files that a server may hold open.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from).Where(f => new FileInfo(f).Length > 0))
        {
            using FileStream source = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream target = File.Create(Path.Combine(to, Path.GetFileName(file)));
            source.CopyTo(target);
        }
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    /// <summary>
    /// The dictionary: each true value, as it is and in lower case, plain, in UTF-16, hexadecimal and base64, and under every digest that needs no key or a key that stands in the
    /// loot itself. Returns the values that were found.
    /// </summary>
    public async Task<HashSet<string>> DictionaryAsync(IEnumerable<string> values)
    {
        byte[] storeId = await _stores.Control.ReadAsync(c => (byte[])c.Scalar("SELECT store_id FROM installation")!, CancellationToken.None);
        using JoinKey guessed = new(new byte[JoinKey.Size], Tenant.Default.Value);
        Dictionary<ulong, List<(byte[] Needle, string Value)>> needles = [];
        foreach (string value in values)
        {
            foreach (string spelling in (string[])[value, value.ToLowerInvariant()])
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(spelling);
                foreach (byte[] form in (byte[][])
                    [utf8, Encoding.Unicode.GetBytes(spelling), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)), Encoding.ASCII.GetBytes(Convert.ToBase64String(utf8).TrimEnd('=')[..^1]),
#pragma warning disable CA5350, CA5351 // What a careless system would have stored.
                     .. Digests(MD5.HashData(utf8)), .. Digests(SHA1.HashData(utf8)),
#pragma warning restore CA5350, CA5351
                     .. Digests(SHA256.HashData(utf8)), .. Digests(HMACSHA256.HashData(storeId, utf8)), .. Digests(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Tenant.Default.Value), utf8)),
                     guessed.Compute(TokenKind.Identifier, spelling).ToArray(), guessed.Compute(TokenKind.Email, spelling).ToArray()])
                {
                    ulong start = BitConverter.ToUInt64(form);
                    if (!needles.TryGetValue(start, out List<(byte[], string)>? list))
                        needles[start] = list = [];
                    list.Add((form, value));
                }
            }
        }

        HashSet<string> found = [];
        foreach (byte[] bytes in await LootAsync())
        {
            for (int at = 0; at + Prefix <= bytes.Length; at++)
            {
                if (needles.TryGetValue(BitConverter.ToUInt64(bytes, at), out List<(byte[] Needle, string Value)>? candidates))
                    found.UnionWith(candidates.Where(c => bytes.AsSpan(at).StartsWith(c.Needle)).Select(c => c.Value));
            }
        }

        return found;
    }

    /// <summary>Known formats: whatever looks like an address of mail or a phone number with its country code, in the loot.</summary>
    public async Task<HashSet<string>> FormatsAsync() => [.. (await LootAsync()).SelectMany(bytes => Formats(Encoding.Latin1.GetString(bytes)))];

    /// <summary>
    /// Frequency: of each person it is known how many rows there are, and the numbers in the table are matched with them, the most frequent first. Returns how many got their own name.
    /// </summary>
    /// <param name="dataset">The table.</param>
    /// <param name="known">How many rows each person has.</param>
    /// <param name="truth">Which number each has: how the drill counts, not what the thief knows.</param>
    public async Task<int> FrequencyAsync(Dataset dataset, IReadOnlyDictionary<string, int> known, IReadOnlyDictionary<string, long> truth)
    {
        IReadOnlyList<object?[]> rows = await _stores.Events.AggregateAsync(
            $"SELECT subject, count(*) FROM {EventTable.Name(dataset)} GROUP BY subject ORDER BY 2 DESC, hash(subject)", [], CancellationToken.None);
        string[] names = [.. known.OrderByDescending(k => k.Value).ThenBy(k => SHA256.HashData(Encoding.UTF8.GetBytes(k.Key))[0]).Select(k => k.Key)];
        return names.Zip(rows).Count(pair => truth[pair.First] == (long)pair.Second[0]!);
    }

    /// <summary>How often the same ciphertext, join id or salt stands in the vault more than once: what frequency would need.</summary>
    public Task<long> RepeatedAsync() => _stores.Control.ReadAsync(
        connection => ((string[])["SELECT sealed FROM vault_holder", "SELECT join_id FROM vault_entry WHERE join_id IS NOT NULL", "SELECT salt FROM vault_entry WHERE salt IS NOT NULL", "SELECT wrapped FROM subject_key"])
            .Sum(sql => Convert.ToInt64(connection.Scalar($"SELECT COUNT(*) - COUNT(DISTINCT v) FROM ({sql.Replace(" FROM", " AS v FROM", StringComparison.Ordinal)})"), null)),
        CancellationToken.None);

    /// <summary>The dictionary again, with the root key: each value's join id is computed and looked up.</summary>
    public async Task<HashSet<string>> DictionaryAsync(IRootKey root, IEnumerable<(string Scope, TokenKind Kind, string Value)> values)
    {
        using Vault vault = new(_stores.Control, root, TimeProvider.System, Microsoft.Extensions.Options.Options.Create(new VaultOptions()));
        TenantRing ring = await vault.RingAsync(Tenant.Default, CancellationToken.None);
        return await _stores.Control.ReadAsync(
            connection => values.Where(v => EntryTable.Find(connection, new EntryKey(ring.ScopeNumber(v.Scope) ?? 0, ring.Join(v.Scope, v.Kind, v.Value))) is not null)
                .Select(v => v.Value).ToHashSet(),
            CancellationToken.None);
    }

    /// <summary>Known formats again, with the root key: in everything that it opens. Returns how often each was found, by which frequency is known too.</summary>
    public async Task<Dictionary<string, int>> FormatsAsync(IRootKey root)
    {
        using Vault vault = new(_stores.Control, root, TimeProvider.System, Microsoft.Extensions.Options.Options.Create(new VaultOptions()));
        TenantRing ring = await vault.RingAsync(Tenant.Default, CancellationToken.None);
        return await _stores.Control.ReadAsync(
            connection =>
            {
                List<long> subjects = [];
                using (DbCommand command = connection.Command("SELECT subject_id FROM subject_key"))
                {
                    using DbDataReader reader = command.ExecuteReader();
                    while (reader.Read())
                        subjects.Add(reader.GetInt64(0));
                }

                return subjects.SelectMany(s => RevealTable.HeldBy(connection, Tenant.Default.Value, s))
                    .SelectMany(held => Formats(ring.Open(held))).CountBy(v => v).ToDictionary();
            },
            CancellationToken.None);
    }

    private static IEnumerable<string> Formats(string text) => Mail().Matches(text).Concat(Phone().Matches(text)).Select(m => m.Value);

    private static IEnumerable<byte[]> Digests(byte[] digest) => [digest, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest)), Encoding.ASCII.GetBytes(Convert.ToBase64String(digest))];

    [GeneratedRegex(@"[A-Za-z0-9._%+-]{3,}@[A-Za-z0-9-]{3,}\.[A-Za-z]{2,}")]
    private static partial Regex Mail();

    [GeneratedRegex(@"\+43[0-9]{8,12}")]
    private static partial Regex Phone();

    // Files as they are, the log, and what the engines make of the files: they compress.
    private async Task<List<byte[]>> LootAsync()
    {
        _columns ??= await ColumnsAsync();
        return [.. _folders.SelectMany(Directory.GetFiles).Select(File.ReadAllBytes), _log, _columns];
    }

    private async Task<byte[]> ColumnsAsync()
    {
        using MemoryStream all = new();
        IReadOnlyList<object?[]> columns = await _stores.Events.AggregateAsync(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND starts_with(table_name, 'dataset_')", [], CancellationToken.None);
        foreach (object?[] column in columns)
        {
            foreach (object?[] row in await _stores.Events.AggregateAsync($"SELECT CAST({column[1]} AS VARCHAR) FROM {column[0]}", [], CancellationToken.None))
                all.Write(Encoding.UTF8.GetBytes((string?)row[0] + "\n"));
        }

        await _stores.Control.ReadAsync(
            connection =>
            {
                foreach (string table in (string[])["inbox", "idempotency", "vault_scope", "vault_entry", "vault_holder", "subject_key", "key_page", "tenant_key", "audit_outbox", "vault_reveal", "erasure", "erased_event"])
                {
                    using DbCommand command = connection.Command($"SELECT * FROM {table}");
                    using DbDataReader reader = command.ExecuteReader();
                    while (reader.Read())
                    {
                        for (int i = 0; i < reader.FieldCount; i++)
                            all.Write(reader.GetValue(i) is byte[] bytes ? bytes : Encoding.UTF8.GetBytes(Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture) + "\n"));
                    }
                }

                return true;
            },
            CancellationToken.None);
        return all.ToArray();
    }
}
