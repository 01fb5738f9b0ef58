using System.Data.Common;
using System.Globalization;
using System.Text;
using Opaline.Catalog;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.Governance;
using Opaline.KeyManagement;
using Opaline.Platform.Tests.Ingestion;
using Opaline.Platform.Tests.Storage;
using Opaline.Platform.Tests.TokenVault;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.Governance.SubjectRights;

/// <summary>
/// Of many people every tenth is erased, among them some who share an address with one who stays. Afterwards nothing of them may be found: neither a value nor what a value could
/// be opened from (keys, join ids, salts, ciphertexts), in any file, used page or free page. The same search finds all of it in a copy that was taken before.
/// </summary>
public sealed class ErasureDrillTests
{
    private const int BatchSize = 500;

    private static readonly int People = LongRuns.Enabled ? 10_000 : 1_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_the_erased_is_found_in_any_file_and_everything_of_the_others_is_there()
    {
        await using IngestFixture ingest = new();
        await ingest.Control.WriteAsync(
            t => ingest.Catalog.AddFields(t, ingest.BuiltIn.Id, [Storage.Datasets.Declared("metadata.city")]), Cancel);
        for (int first = 0; first < People; first += BatchSize)
            await ingest.SendAsync($"[{string.Join(',', Enumerable.Range(first, BatchSize).SelectMany(Events))}]");
        await ingest.TickAsync();
        await ingest.SettleAsync();

        int[] erased = [.. Enumerable.Range(0, People).Where(IsErased)];
        List<Erasure> asked = [];
        foreach (int person in erased)
            asked.Add(await ingest.RequestErasureAsync(Name(person)));
        string[] tokens = [.. asked.Select(e => e.SubjectToken)];
        string survivorToken = (await ingest.LookUpAsync(Name(1)))!;

        // More of theirs is on its way, in the inbox, when the tick comes.
        await ingest.SendAsync($"[{string.Join(',', erased.Take(20).SelectMany(Events))}]");
        List<byte[]> theirs = await SecretsAsync(ingest, asked.Select(e => e.SubjectId));
        List<byte[]> others = await SecretsAsync(ingest, [await ingest.NumberAsync(Name(1)), await ingest.NumberAsync(Name(People - 1))]);
        Assert.True(theirs.Count > 5 * erased.Length);
        using TemporaryFolder backup = new();
        Theft.Copy(Path.Combine(ingest.Folder, "data"), backup.File("data"));
        Assert.Equal(theirs.Count, Found(backup.Path, theirs).Count);

        await ingest.TickAsync();

        // While the server runs: database, write-ahead log, free pages.
        Assert.Empty(Found(ingest.Folder, theirs));
        Assert.Empty(Found(ingest.Folder, [.. erased.SelectMany(Raw).Select(Encoding.UTF8.GetBytes)], whole: true));
        Assert.NotEmpty(Found(ingest.Folder, others));
        using (ReceiptKey key = new(ReceiptKey.Create()))
        {
            ErasureReceipts receipts = new(key, ingest.Time);
            foreach (Erasure erasure in asked)
            {
                Erasure done = (await ingest.Shredder.FindAsync(Tenant.Default, erasure.Name, Cancel))!;
                ErasureReceiptDocument receipt = ErasureReceipt.Verify(receipts.Of(done)!, key.Pem);
                Assert.Equal((erasure.SubjectToken, null), (receipt.SubjectId, receipt.ShreddedBy));
            }

            // Until the horizon the backup opens with the root key, which is why no receipt says that old copies are shredded; with the backup its keys go.
            using (RootKeyFile root = OpenKeys(ingest, backup.File("keys")))
            {
                Dictionary<string, int> opened;
                await using (Theft before = new([backup.File("data")], []))
                    opened = await before.FormatsAsync(root);
                Assert.All(erased, person => Assert.Contains(Email(person), opened));
                Directory.Delete(backup.File("data"), recursive: true);
                Directory.Delete(backup.File("data-opened"), recursive: true);
                Theft.Copy(Path.Combine(ingest.Folder, "data"), backup.File("after"));
                await using Theft after = new([backup.File("after")], []);
                Dictionary<string, int> left = await after.FormatsAsync(root);
                Assert.All(erased.Where(p => !Shares(p)), person => Assert.DoesNotContain(Email(person), left));
                Assert.All(Enumerable.Range(0, People).Where(p => !IsErased(p)), person => Assert.Contains(Email(person), left));
            }

            ingest.Time.Now += TimeSpan.FromDays(31);
            Erasure first = (await ingest.Shredder.FindAsync(Tenant.Default, asked[0].Name, Cancel))!;
            Assert.Equal(first.ErasedAt!.Value.AddDays(30), ErasureReceipt.Verify(receipts.Of(first)!, key.Pem).ShreddedBy);
        }

        await ingest.RestartAsync();
        Assert.Empty(Found(ingest.Folder, theirs));

        // What can be asked for: the others' values, and none of theirs.
        Assert.All(await ingest.Reveals.RevealAsync(IngestFixture.Admin, [.. tokens.Take(50)], "An erasure drill", Cancel), v => Assert.Null(v.Value));
        Assert.Equal(Name(1), (await ingest.Reveals.RevealAsync(IngestFixture.Admin, [survivorToken], "An erasure drill", Cancel))[0].Value);
        Assert.Equal((People - erased.Length) * 2, await ingest.CountAsync());
        foreach (int sharing in Enumerable.Range(0, People).Where(p => IsErased(p) && Shares(p)).Take(5))
        {
            KnownSubject survivor = (await ingest.Vault.FindSubjectAsync(Tenant.Default, (await ingest.LookUpAsync(Name(sharing + 1)))!, Cancel))!;
            string email = (await ingest.Reveals.TokensOfAsync(survivor, VaultFixture.NoFormats, Cancel)).Single(t => t.Field == "metadata.email").Token;
            Assert.Equal(Email(sharing), (await ingest.Reveals.RevealAsync(IngestFixture.Admin, [email], "An erasure drill", Cancel))[0].Value);
        }

        // Who comes back is new.
        await ingest.SendAsync(Events(erased[0]).First());
        Assert.NotEqual(asked[0].SubjectId, await ingest.NumberAsync(Name(erased[0])));
    }

    [Fact]
    public async Task Deleting_without_cleaning_leaves_the_values_in_the_file_of_events()
    {
        await using IngestFixture ingest = new();
        await ingest.SendAsync($"[{string.Join(',', Enumerable.Range(0, BatchSize).SelectMany(Events))}]");
        await ingest.TickAsync();
        List<byte[]> theirs = await SealedRowsAsync(ingest, [await ingest.NumberAsync(Name(0))]);
        await ingest.RestartAsync();
        Assert.Equal(theirs.Count, Found(ingest.Folder, theirs).Count);
        await ingest.Events.EraseAsync(ingest.BuiltIn, [await ingest.NumberAsync(Name(0))], Cancel);
        await ingest.RestartAsync();
        Assert.Equal(theirs.Count, Found(ingest.Folder, theirs).Count);
        await ingest.Events.ScrubAsync([ingest.BuiltIn], Cancel);
        Assert.Empty(Found(ingest.Folder, theirs));
    }

    private static bool IsErased(int person) => person % 10 == 0;

    // Every fifth of the erased has the address of the person after.
    private static bool Shares(int person) => person % 50 is 0 or 1;

    private static string Name(int person) => string.Create(CultureInfo.InvariantCulture, $"Zebulon Quackenbush the {person}th");

    private static string Email(int person) =>
        string.Create(CultureInfo.InvariantCulture, $"zebulon.{(person % 50 == 1 ? person - 1 : person)}@quackenbush.example");

    private static string Note(int person) => string.Create(CultureInfo.InvariantCulture, $"dreams of {person} quokkas");

    private static string City(int person) => string.Create(CultureInfo.InvariantCulture, $"Quokkatown {person} on Sea");

    private static IEnumerable<string> Raw(int person) => Shares(person) ? [Name(person), Note(person), City(person)] : [Name(person), Email(person), Note(person), City(person)];

    private static IEnumerable<string> Events(int person) => ((string[])["login", "logout"]).Select(action => IngestFixture.Event(
        Name(person), action, metadata: $$"""{"email":"{{Email(person)}}","note":"{{Note(person)}}","city":"{{City(person)}}"}"""));

    /// <summary>What of people lies in the stores that is theirs alone: wrapped keys, sealed values, join ids and salts of entries that only they hold, sealed rows.</summary>
    private static async Task<List<byte[]>> SecretsAsync(IngestFixture ingest, IEnumerable<long> subjects)
    {
        string list = string.Join(',', subjects);
        List<byte[]> secrets = await ingest.Control.ReadAsync(
            connection =>
            {
                List<byte[]> found = [];
                foreach (string sql in (string[])
                    [$"SELECT wrapped FROM subject_key WHERE subject_id IN ({list})",
                     $"SELECT sealed FROM vault_holder WHERE subject_id IN ({list})",
                     $"SELECT e.join_id, e.salt FROM vault_entry e WHERE e.id IN (SELECT entry_id FROM vault_holder WHERE subject_id IN ({list})) AND NOT EXISTS (SELECT 1 FROM vault_holder h WHERE h.entry_id = e.id AND h.subject_id NOT IN ({list}))",
                     $"SELECT wrapped FROM key_page WHERE page IN (SELECT page FROM subject_key WHERE subject_id IN ({list}))"])
                {
                    using DbCommand command = connection.Command(sql);
                    using DbDataReader reader = command.ExecuteReader();
                    while (reader.Read())
                    {
                        for (int i = 0; i < reader.FieldCount; i++)
                            found.Add(reader.GetFieldValue<byte[]>(i));
                    }
                }

                return found;
            },
            Cancel);
        secrets.AddRange(await SealedRowsAsync(ingest, subjects));
        return secrets;
    }

    private static async Task<List<byte[]>> SealedRowsAsync(IngestFixture ingest, IEnumerable<long> subjects) =>
    [
        .. (await ingest.RowsAsync($"SELECT {IngestFixture.Hex} FROM {EventTable.Name(ingest.BuiltIn)} WHERE subject IN ({string.Join(',', subjects)}) AND sealed IS NOT NULL"))
            .Select(r => Convert.FromHexString((string)r[0]!)),
    ];

    private static RootKeyFile OpenKeys(IngestFixture ingest, string folder)
    {
        Theft.Copy(Path.Combine(ingest.Folder, "keys"), folder);
        return RootKeyFile.Open(new RootKeyFileOptions { Folder = folder });
    }

    /// <summary>Which of the needles stand in any file of the folder, and where; by their first bytes, as an engine may spread a value over pages, or whole.</summary>
    private static Dictionary<int, string> Found(string folder, List<byte[]> needles, bool whole = false)
    {
        const int prefix = 12;
        Dictionary<ulong, List<int>> byPrefix = [];
        for (int i = 0; i < needles.Count; i++)
        {
            ulong start = BitConverter.ToUInt64(needles[i]);
            if (!byPrefix.TryGetValue(start, out List<int>? list))
                byPrefix[start] = list = [];
            list.Add(i);
        }

        Dictionary<int, string> found = [];
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length > 0))
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            for (int at = 0; at + prefix <= bytes.Length; at++)
            {
                if (byPrefix.TryGetValue(BitConverter.ToUInt64(bytes, at), out List<int>? candidates))
                {
                    foreach (int candidate in candidates.Where(c => bytes.AsSpan(at).StartsWith(needles[c].AsSpan(0, whole ? needles[c].Length : prefix))))
                        found[candidate] = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} at {at} of {bytes.Length}, {needles[candidate].Length} bytes");
                }
            }
        }

        return found;
    }
}
