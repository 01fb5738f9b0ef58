using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opaline.KeyManagement;
using Opaline.Platform.Tests.Ingestion;
using Opaline.Platform.Tests.Storage;
using Opaline.Tokenization;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault;

/// <summary>
/// Somebody has copies of the database files, their write-ahead logs, an old backup and the server's log, and not the root key. A dictionary of all true values, their formats, and how
/// often each occurs get no identifier; with the root key the same attacks get every one, which shows that they work.
/// </summary>
public sealed class TheftDrillTests
{
    private static readonly int People = LongRuns.Enabled ? 10_000 : 400;

    private const int RowsEach = 2;

    [Fact]
    public async Task Copies_without_the_root_key_give_no_identifier_and_with_it_all()
    {
        CapturedLog log = new();
        await using IngestFixture ingest = new(services => services.AddLogging(b => b.AddProvider(log).SetMinimumLevel(LogLevel.Trace)));
        using TemporaryFolder loot = new();
        string[] copies = [loot.File("backup"), loot.File("stolen")];
        await SendAsync(ingest, 0, People / 2);
        await ingest.TickAsync();
        Theft.Copy(Path.Combine(ingest.Folder, "data"), copies[0]);
        await SendAsync(ingest, People / 2, People);
        await ingest.TickAsync();
        foreach (int person in (int[])[0, 1, People - 1])
            await ingest.Reveals.RevealAsync(IngestFixture.Admin, [(await ingest.LookUpAsync(Name(person)))!], "A theft drill", IngestFixture.Cancel);
        Dictionary<string, long> numbers = [];
        for (int i = 0; i < People; i++)
            numbers[Name(i)] = await ingest.NumberAsync(Name(i));
        // Some rows are still in the inbox and in the logs.
        await SendAsync(ingest, 0, 10);
        Theft.Copy(Path.Combine(ingest.Folder, "data"), copies[1]);

        await using Theft theft = new(copies, log.ToUtf8());
        string[] values = [.. Enumerable.Range(0, People).SelectMany(i => (string[])[Name(i), Email(i), Phone(i), Note(i)]).Distinct()];
        Assert.Empty(await theft.DictionaryAsync(values));
        Assert.Empty((await theft.FormatsAsync()).Intersect(values));
        Assert.Equal(0, await theft.RepeatedAsync());
        // By chance one person gets their own name, give or take one: more than nine do once in ten million runs.
        Assert.InRange(await theft.FrequencyAsync(ingest.BuiltIn, Enumerable.Range(0, People).ToDictionary(Name, _ => RowsEach), numbers), 0, 9);

        using TemporaryFolder keys = new();
        Theft.Copy(Path.Combine(ingest.Folder, "keys"), keys.Path);
        using RootKeyFile root = RootKeyFile.Open(new RootKeyFileOptions { Folder = keys.Path });
        (string, TokenKind, string)[] guesses =
        [
            .. Enumerable.Range(0, People).Select(i => (StoredScope.OfSubjects(ingest.BuiltIn.SubjectScope), TokenKind.Identifier, Name(i))),
            .. Enumerable.Range(0, People).Select(i => (StoredScope.OfValues("metadata.email"), TokenKind.Email, Email(i))),
        ];
        Assert.Equal(guesses.Select(g => g.Item3).ToHashSet(), await theft.DictionaryAsync(root, guesses));
        Dictionary<string, int> opened = await theft.FormatsAsync(root);
        foreach (IGrouping<string, int> address in Enumerable.Range(0, People).GroupBy(Email))
            Assert.Equal(address.Count(), opened[address.Key]);
    }

    /// <summary>What the drill above would miss otherwise, and what tables that can be joined give away: docs/PRIVACY.md says so.</summary>
    [Fact]
    public async Task Dictionary_and_formats_find_a_planted_value_and_frequency_finds_who_acts_as_often_as_nobody_else()
    {
        await using IngestFixture ingest = new();
        using TemporaryFolder loot = new();
        string[] people = [.. Enumerable.Range(0, 20).Select(Name)];
        await ingest.SendAsync($"[{string.Join(',', people.SelectMany((p, i) => Enumerable.Repeat(IngestFixture.Event(p), i + 1)))}]");
        await ingest.TickAsync();
        Dictionary<string, long> numbers = [];
        foreach (string person in people)
            numbers[person] = await ingest.NumberAsync(person);
        Theft.Copy(Path.Combine(ingest.Folder, "data"), loot.File("stolen"));
        await using Theft theft = new([loot.File("stolen")], System.Text.Encoding.UTF8.GetBytes($"{Name(1)} wrote from {Email(2)} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Name(3))))}"));
        Assert.Equal([Name(1), Name(3)], (await theft.DictionaryAsync(people)).Order(StringComparer.Ordinal));
        Assert.Contains(Email(2), await theft.FormatsAsync());
        Assert.Equal(20, await theft.FrequencyAsync(ingest.BuiltIn, people.Select((p, i) => (p, i)).ToDictionary(p => p.p, p => p.i + 1), numbers));
    }

    private static string Name(int person) => string.Create(CultureInfo.InvariantCulture, $"Zebulon Quackenbush the {person}th");

    // Some addresses are of several people.
    private static string Email(int person) => string.Create(CultureInfo.InvariantCulture, $"zebulon.{(person % 10 < 3 ? person / 10 * 10 : person)}@quackenbush.example");

    private static string Phone(int person) => string.Create(CultureInfo.InvariantCulture, $"+43664{1_000_000 + person}");

    private static string Note(int person) => string.Create(CultureInfo.InvariantCulture, $"call {Email(person)} on {Phone(person)} about {person} quokkas");

    private static async Task SendAsync(IngestFixture ingest, int from, int to)
    {
        foreach (int[] chunk in Enumerable.Range(from, to - from).Chunk(500))
        {
            await ingest.SendAsync($"[{string.Join(',', chunk.SelectMany(i => Enumerable.Range(0, RowsEach).Select(_ => IngestFixture.Event(
                Name(i), metadata: $$"""{"email":"{{Email(i)}}","phone":"{{Phone(i)}}","note":"{{Note(i)}}"}"""))))}]");
        }
    }
}
