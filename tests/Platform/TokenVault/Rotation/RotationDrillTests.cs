using System.Diagnostics;
using System.Globalization;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault.Rotation;

/// <summary>Keys are renewed while values come in, cut off half-way and resumed. The long form, by <c>OPALINE_LONG=1</c>, has a million values.</summary>
public class RotationDrillTests
{
    private const int ValuesPerSubject = 4;
    private const int SubjectsAtOnce = 2_000;

    private static readonly int Subjects = Environment.GetEnvironmentVariable("OPALINE_LONG") == "1" ? 200_000 : 6_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_stay_what_they_are_and_come_in_while_keys_are_renewed_and_the_renewal_is_cut_off()
    {
        await using VaultFixture fixture = new();
        for (int first = 0; first < Subjects; first += SubjectsAtOnce)
            await StoreAsync(fixture, "person", first, SubjectsAtOnce);
        string before = await FingerprintAsync(fixture);
        using (KeyRotator asked = fixture.NewRotator())
            await fixture.Store.WriteAsync(transaction => asked.Request(transaction, VaultFixture.Acme, "admin"), Cancel);

        using (CancellationTokenSource cut = new())
        using (KeyRotator rotator = fixture.NewRotator())
        {
            Task<KeyRotation?> cutOff = rotator.RunAsync(VaultFixture.Acme, cut.Token);
            while (!cutOff.IsCompleted && (await fixture.Store.ReadAsync(c => RotationTable.Unfinished(c, VaultFixture.Acme.Value), Cancel))?.Holders < Subjects * ValuesPerSubject / 2)
                await Task.Delay(1, Cancel);
            await cut.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cutOff);
        }

        long done = (await fixture.Store.ReadAsync(c => RotationTable.Unfinished(c, VaultFixture.Acme.Value), Cancel))!.Holders;
        Assert.InRange(done, 1, (Subjects * (ValuesPerSubject + 1)) - 1);
        await fixture.RestartAsync();
        Assert.Equal(before, await FingerprintAsync(fixture));

        using KeyRotator resumed = fixture.NewRotator();
        long start = Stopwatch.GetTimestamp();
        Task<KeyRotation?> running = resumed.RunAsync(VaultFixture.Acme, Cancel);
        int newcomers = 0;
        while (!running.IsCompleted)
            await StoreAsync(fixture, "newcomer", newcomers += 100, 100);
        KeyRotation report = (await running)!;
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{report.Holders - done} values in {took.TotalSeconds:0.00} s: {(report.Holders - done) / took.TotalSeconds:0}/s, while {newcomers} people came in"));
        Assert.True(report.Whole);
        Assert.Equal(before, await FingerprintAsync(fixture));
        Assert.Equal(0, await fixture.Store.ReadAsync(c => Convert.ToInt64(c.Scalar("SELECT COUNT(*) FROM vault_holder WHERE key_version < 2"), CultureInfo.InvariantCulture), Cancel));
        // Newcomers of before the new version was primary were sealed anew too: no value of the others counts twice.
        Assert.InRange(report.Holders, Subjects * (ValuesPerSubject + 1), Subjects * (ValuesPerSubject + 1) + newcomers);
    }

    private static async Task StoreAsync(VaultFixture fixture, string name, int first, int count)
    {
        string[] people = [.. Enumerable.Range(first, count).Select(i => $"{name}{i}")];
        VaultValue[] values = [.. people.SelectMany((p, i) => Enumerable.Range(0, ValuesPerSubject).Select(v => VaultFixture.Email(i, $"{p}.{v}@example.com")))];
        using VaultBatch batch = await fixture.ResolveAsync(people, name == "person" ? values : []);
        try
        {
            await fixture.SaveAsync(batch);
        }
        catch (VaultChangedException)
        {
            using VaultBatch again = await fixture.ResolveAsync(people, name == "person" ? values : []);
            await fixture.SaveAsync(again);
        }
    }

    // Ids of a sample of people and values, and what some of them open to.
    private static async Task<string> FingerprintAsync(VaultFixture fixture)
    {
        string[] people = [.. Enumerable.Range(0, 200).Select(i => $"person{(int)((long)i * Subjects / 200)}")];
        VaultValue[] values = [.. people.Select((p, i) => VaultFixture.Email(i, $"{p}.1@example.com"))];
        (long[] subjects, long[] entries) = await fixture.StoreAsync(people, values);
        string[] opened = new string[5];
        for (int i = 0; i < opened.Length; i++)
            opened[i] = await fixture.OpenHolderAsync(VaultFixture.Acme, entries[i * 40], subjects[i * 40]);
        return string.Join(',', subjects.Concat(entries)) + string.Join(',', opened);
    }
}
