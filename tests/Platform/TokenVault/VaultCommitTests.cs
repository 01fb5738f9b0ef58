using Opaline.Platform.Tests.Storage;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault;

/// <summary>What is pending, and who carries it to the store.</summary>
public class VaultCommitTests
{
    private static readonly byte[] EventKey = "an event key"u8.ToArray();

    [Fact]
    public async Task Racing_batches_on_new_people_give_each_one_id_and_one_key()
    {
        await using VaultFixture fixture = new();
        const int batches = 40;
        (long Subject, byte[] Box, int Person)[][] results = await Task.WhenAll(Enumerable.Range(0, batches).Select(async b =>
        {
            string[] people = [.. Enumerable.Range(0, 50).Select(p => $"person-{(p + b) % 60}")];
            using VaultBatch batch = await fixture.ResolveAsync(people, VaultFixture.Email(0, "shared@example.com"));
            (long, byte[], int)[] rows = [.. people.Select((p, i) =>
                (batch.SubjectId(i), batch.Seal(i, "sealed"u8, EventKey), int.Parse(p.AsSpan(7), System.Globalization.CultureInfo.InvariantCulture)))];
            await fixture.SaveAsync(batch);
            return rows;
        }));

        (long Subject, byte[] Box, int Person)[] all = [.. results.SelectMany(r => r)];
        Assert.All(all.GroupBy(r => r.Person), person => Assert.Single(person.Select(r => r.Subject).Distinct()));
        Assert.Equal(60, all.Select(r => r.Subject).Distinct().Count());
        Assert.Equal(60, await fixture.CountAsync("subject_key"));
        Assert.Equal(61, await fixture.CountAsync("vault_entry"));
        Assert.Equal(0, fixture.Vault.PendingCount);

        // Whichever batch's key was stored, it opens what every batch sealed.
        await fixture.RestartAsync();
        foreach ((long subject, byte[] box, _) in all.DistinctBy(r => r.Subject).Concat(all.Reverse().DistinctBy(r => r.Subject)))
            Assert.Equal("sealed", await fixture.OpenRowAsync(VaultFixture.Acme, subject, box, EventKey));
    }

    [Fact]
    public async Task Failed_commit_leaves_nothing_and_the_next_batch_carries_the_inserts()
    {
        await using VaultFixture fixture = new();
        using VaultBatch failing = await fixture.ResolveAsync(["ann"], VaultFixture.Email(0, "ann@example.com"));
        using VaultBatch next = await fixture.ResolveAsync(["ann"], VaultFixture.Email(0, "ann@example.com"));
        byte[] box = failing.Seal(0, "sealed by the failing"u8, EventKey);
        Assert.Equal(failing.SubjectId(0), next.SubjectId(0));

        await Assert.ThrowsAsync<InvalidOperationException>(() => SaveAndFailAsync(fixture, failing));
        Assert.Equal(0, await fixture.CountAsync("vault_entry"));
        Assert.Equal(0, await fixture.CountAsync("subject_key"));
        Assert.Equal(0, await fixture.CountAsync("key_page"));
        failing.Dispose();

        await fixture.SaveAsync(next);
        Assert.Equal(2, await fixture.CountAsync("vault_entry"));
        Assert.Equal(2, await fixture.CountAsync("vault_holder"));
        Assert.Equal(1, await fixture.CountAsync("key_page"));
        await fixture.RestartAsync();
        Assert.Equal("sealed by the failing", await fixture.OpenRowAsync(VaultFixture.Acme, next.SubjectId(0), box, EventKey));
        Assert.Equal("ann@example.com", await fixture.OpenHolderAsync(VaultFixture.Acme, next.EntryId(0), next.SubjectId(0)));
    }

    [Fact]
    public async Task Batch_resolved_after_a_failed_one_carries_the_inserts_too()
    {
        await using VaultFixture fixture = new();
        using VaultBatch failing = await fixture.ResolveAsync(["ann"]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => SaveAndFailAsync(fixture, failing));
        (long[] ids, _) = await fixture.StoreAsync(["ann"]);
        Assert.Equal(failing.SubjectId(0), ids[0]);
        Assert.Equal(1, await fixture.CountAsync("subject_key"));
    }

    [Fact]
    public async Task Batch_that_is_never_saved_is_forgotten()
    {
        await using VaultFixture fixture = new();
        for (int i = 0; i < 20; i++)
        {
            using VaultBatch batch = await fixture.ResolveAsync([$"person-{i}"], VaultFixture.Email(0, $"p{i}@example.com"));
            Assert.Equal(2, fixture.Vault.PendingCount);
        }
        Assert.Equal(0, fixture.Vault.PendingCount);
        (long[] ids, _) = await fixture.StoreAsync(["person-3"]);
        await fixture.RestartAsync();
        Assert.Equal(ids[0], (await fixture.StoreAsync(["person-3"])).Subjects[0]);
    }

    [Fact]
    public async Task Both_batches_of_one_new_value_may_commit_in_either_order()
    {
        await using VaultFixture fixture = new();
        using VaultBatch one = await fixture.ResolveAsync(["ann"], VaultFixture.Email(0, "x@example.com"));
        using VaultBatch two = await fixture.ResolveAsync(["ann", "bob"], VaultFixture.Email(1, "x@example.com"));
        await fixture.SaveAsync(two);
        await fixture.SaveAsync(one);
        Assert.Equal(3, await fixture.CountAsync("vault_entry"));
        Assert.Equal(2, await fixture.CountAsync("subject_key"));
        Assert.Equal("x@example.com", await fixture.OpenHolderAsync(VaultFixture.Acme, one.EntryId(0), one.SubjectId(0)));
        Assert.Equal("x@example.com", await fixture.OpenHolderAsync(VaultFixture.Acme, two.EntryId(0), two.SubjectId(1)));
    }

    [Fact]
    public async Task Batch_is_refused_if_the_store_has_another_id_for_its_value()
    {
        await using VaultFixture fixture = new();
        using VaultBatch batch = await fixture.ResolveAsync(["ann"]);
        using VaultBatch other = await fixture.ResolveAsync(["ann"]);
        await fixture.SaveAsync(other);
        // As if another process had stored the value under its own number.
        await fixture.Store.WriteAsync(
            transaction => transaction.Execute("UPDATE vault_entry SET id = 1000"), TestContext.Current.CancellationToken);
        using VaultBatch stale = await StaleBatchAsync(fixture);
        await Assert.ThrowsAsync<StorageFailureException>(() => fixture.SaveAsync(stale));
    }

    [Fact]
    public async Task Known_values_write_nothing()
    {
        Assert.SkipWhen(Engines.OnPostgres, "Writes are counted by a function of SQLite.");
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"], VaultFixture.Email(0, "x@example.com"));
        long before = await WrittenAsync(fixture);
        await fixture.StoreAsync(["ann"], VaultFixture.Email(0, "x@example.com"));
        Assert.Equal(before, await WrittenAsync(fixture));
    }

    [Fact]
    public async Task Full_page_is_followed_by_a_new_one()
    {
        await using VaultFixture fixture = new();
        string[] people = [.. Enumerable.Range(0, 4_096).Select(i => $"person-{i}")];
        await fixture.StoreAsync(people[..4_000]);
        (long[] ids, _) = await fixture.StoreAsync([.. people[4_000..], "one more"]);
        Assert.Equal(2, await fixture.CountAsync("key_page"));
        Assert.Equal(1, await fixture.CountAsync("subject_key WHERE page = 2"));
        Assert.Equal("one more", await fixture.OpenHolderAsync(VaultFixture.Acme, ids[^1], ids[^1]));
    }

    [Fact]
    public async Task Page_ends_with_its_numbers_whatever_lies_between_its_subjects()
    {
        await using VaultFixture fixture = new();
        // Numbers of one dictionary run through subjects and values of all tenants.
        (long[] first, _) = await fixture.StoreAsync(["ann"], [.. Enumerable.Range(0, 4_095).Select(i => VaultFixture.Email(0, $"x{i}@example.com"))]);
        (long[] second, _) = await fixture.StoreAsync(["bob"]);
        Assert.Equal(first[0] + 4_096, second[0]);
        Assert.Equal(1, await fixture.CountAsync("subject_key WHERE page = 1"));
        Assert.Equal(1, await fixture.CountAsync("subject_key WHERE page = 2"));
    }

    [Fact]
    public async Task New_people_after_a_restart_go_to_a_new_page()
    {
        await using VaultFixture fixture = new();
        (long[] ann, _) = await fixture.StoreAsync(["ann"]);
        await fixture.RestartAsync();
        (long[] both, _) = await fixture.StoreAsync(["ann", "bob"]);
        Assert.Equal(ann[0], both[0]);
        Assert.Equal(2, await fixture.CountAsync("key_page"));
        Assert.Equal("ann", await fixture.OpenHolderAsync(VaultFixture.Acme, both[0], both[0]));
        Assert.Equal("bob", await fixture.OpenHolderAsync(VaultFixture.Acme, both[1], both[1]));
    }

    [Fact]
    public async Task Tiny_caches_change_no_answer()
    {
        VaultOptions tiny = new() { MaxCachedEntries = 2, MaxCachedHolders = 2, MaxCachedKeys = 1, KeyLifetime = TimeSpan.Zero };
        await using VaultFixture fixture = new(tiny);
        string[] people = [.. Enumerable.Range(0, 300).Select(i => $"person-{i}")];
        (long[] first, _) = await fixture.StoreAsync(people);
        (long[] second, _) = await fixture.StoreAsync([.. people.Reverse()]);
        Assert.Equal(first.Reverse(), second);
        Assert.Equal(300, await fixture.CountAsync("vault_entry"));

        using VaultBatch batch = await fixture.ResolveAsync(people);
        byte[] box = batch.Seal(299, "x"u8, EventKey);
        Assert.Equal("x", await fixture.OpenRowAsync(VaultFixture.Acme, first[299], box, EventKey));
    }

    private static Task<bool> SaveAndFailAsync(VaultFixture fixture, VaultBatch batch) => fixture.Store.WriteAsync<bool>(
        transaction =>
        {
            batch.Save(transaction);
            throw new InvalidOperationException("The rest of the transaction failed.");
        },
        TestContext.Current.CancellationToken);

    /// <summary>A batch whose vault took the value for new, because it looked before the other process wrote.</summary>
    private static async Task<VaultBatch> StaleBatchAsync(VaultFixture fixture)
    {
        await fixture.Store.WriteAsync(
            transaction => transaction.Execute("UPDATE vault_entry SET scope = -scope WHERE id = 1000"), TestContext.Current.CancellationToken);
        await fixture.RestartAsync();
        VaultBatch batch = await fixture.ResolveAsync(["ann"]);
        await fixture.Store.WriteAsync(
            transaction => transaction.Execute("UPDATE vault_entry SET scope = -scope WHERE id = 1000"), TestContext.Current.CancellationToken);
        return batch;
    }

    private static async Task<long> WrittenAsync(VaultFixture fixture) =>
        await fixture.Store.WriteAsync(
            transaction =>
            {
                using System.Data.Common.DbCommand command = transaction.Command("SELECT total_changes()");
                return (long)command.ExecuteScalar()!;
            },
            TestContext.Current.CancellationToken);
}
