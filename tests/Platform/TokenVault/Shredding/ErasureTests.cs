using Microsoft.Extensions.DependencyInjection;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.Platform.Tests.Ingestion;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault.Shredding;

public class ErasureTests
{
    private const string Reason = "Support ticket OPS-1234";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Person_is_gone_from_vault_and_rows_at_the_next_tick_and_not_before()
    {
        await using IngestFixture ingest = new();
        await SendAsync(ingest, "ann", "bob");
        await ingest.TickAsync();
        string ann = (await ingest.LookUpAsync("ann"))!;
        Erasure asked = await ingest.RequestErasureAsync("ann");
        Assert.Equal(ErasureState.Requested, asked.State);
        Assert.Equal("ann", await RevealAsync(ingest, ann));
        Assert.Equal(2, await ingest.CountAsync());

        await ingest.TickAsync();
        Erasure done = await FindAsync(ingest, asked);
        Assert.Equal((ErasureState.Erased, ingest.Time.Now, ingest.Time.Now), (done.State, done.AsOf!.Value, done.ErasedAt!.Value));
        Assert.Equal([KeyValuePair.Create("events", ErasedRows.Delete)], done.Datasets);
        Assert.Null(await ingest.LookUpAsync("ann"));
        Assert.Null(await RevealAsync(ingest, ann));
        Assert.Equal(1, await ingest.CountAsync());
        Assert.Equal("bob", await RevealAsync(ingest, (await ingest.LookUpAsync("bob"))!));

        // Numbers stay taken, and nothing else is left of them: the erasure itself has forgotten whose it was.
        Assert.Equal((0L, asked.BackupDays), (done.SubjectId, done.BackupDays));
        Assert.Equal(0, await ingest.ScalarAsync($"SELECT COUNT(*) FROM vault_holder WHERE subject_id = {asked.SubjectId}"));
        Assert.Equal(0, await ingest.ScalarAsync($"SELECT COUNT(*) FROM subject_key WHERE subject_id = {asked.SubjectId}"));
        Assert.Equal(1, await ingest.ScalarAsync($"SELECT COUNT(*) FROM vault_entry WHERE id = {asked.SubjectId} AND state = 1 AND join_id IS NULL AND salt IS NULL"));
        Assert.Equal(1, await ingest.ScalarAsync("SELECT COUNT(*) FROM key_page WHERE state = 1 AND length(wrapped) = 0"));
        AuditLog log = ingest.Services.GetRequiredService<AuditLog>();
        AuditEntry record = Assert.Single((await log.SearchAsync(new AuditFilter(Tenant.Default, "system", AuditActions.SubjectErasure), Cancel)).Entries);
        Assert.Equal("subject/" + ann, record.Record.Object);
    }

    [Fact]
    public async Task Person_with_more_rows_than_are_read_at_once_is_erased_and_each_of_them_is_remembered()
    {
        const int rows = Shredder.KeysAtOnce + 1;
        await using IngestFixture ingest = new();
        await SendAsync(ingest, "ann");
        await ingest.TickAsync();
        long ann = await ingest.NumberAsync("ann");
        ProtectedRow[] many = [.. Enumerable.Range(1, rows - 1).Select(_ => new ProtectedRow(Rows.RandomKey(), ann, UnixMicros.From(ingest.Time.Now), [], null))];
        await ingest.Events.SettleAsync([new InboxFrame(ingest.Events.AppliedLsn + 1, ingest.BuiltIn.Id, RowFrame.Write([], many))], Cancel);
        Erasure asked = await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        Assert.Equal(ErasureState.Erased, (await FindAsync(ingest, asked)).State);
        Assert.Equal(0, await ingest.CountAsync());
        Assert.Equal(rows, await ingest.ScalarAsync("SELECT COUNT(*) FROM erased_event"));
    }

    [Fact]
    public async Task Who_comes_back_is_new_and_who_stayed_is_not()
    {
        await using IngestFixture ingest = new();
        await SendAsync(ingest, "ann", "bob");
        await ingest.TickAsync();
        (long ann, long bob) = (await ingest.NumberAsync("ann"), await ingest.NumberAsync("bob"));
        await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        await SendAsync(ingest, "ann", "bob", "eve");
        await ingest.TickAsync();
        long again = await ingest.NumberAsync("ann");
        Assert.True(again > Math.Max(ann, bob));
        Assert.Equal(bob, await ingest.NumberAsync("bob"));
        Assert.Equal("ann", await RevealAsync(ingest, (await ingest.LookUpAsync("ann"))!));
        Assert.Equal(4, await ingest.CountAsync());
        await ingest.RestartAsync();
        await SendAsync(ingest, "ann", "bob", "zoe");
        Assert.Equal((again, bob), (await ingest.NumberAsync("ann"), await ingest.NumberAsync("bob")));
        Assert.True(await ingest.NumberAsync("zoe") > again);
    }

    [Fact]
    public async Task Shared_address_stays_with_the_survivor_and_goes_with_the_last_who_has_it()
    {
        await using IngestFixture ingest = new();
        await ingest.SendAsync($"[{With("ann", "family@example.com")},{With("bob", "family@example.com")},{With("ann", "ann@example.com")}]");
        await ingest.TickAsync();
        string shared = (await TokensAsync(ingest, "bob")).Single(t => t.Field is not null).Token;
        string own = (await TokensAsync(ingest, "ann")).Single(t => t.Field is not null && t.Token != shared).Token;
        Assert.Equal(("ann@example.com", "family@example.com"), (await RevealAsync(ingest, own), await RevealAsync(ingest, shared)));

        await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        Assert.Equal((null, "family@example.com"), (await RevealAsync(ingest, own), await RevealAsync(ingest, shared)));
        await ingest.SendAsync(With("eve", "ann@example.com"));
        Assert.NotEqual(own, (await TokensAsync(ingest, "eve"))[1].Token);

        await ingest.RequestErasureAsync("bob");
        await ingest.TickAsync();
        Assert.Null(await RevealAsync(ingest, shared));
        Assert.Equal(0, await ingest.ScalarAsync("SELECT COUNT(*) FROM vault_entry e WHERE join_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vault_holder h WHERE h.entry_id = e.id)"));
    }

    [Fact]
    public async Task Rows_that_were_on_their_way_go_too()
    {
        await using IngestFixture ingest = new();
        await SendAsync(ingest, "ann", "bob");
        await ingest.TickAsync();
        await ingest.RequestErasureAsync("ann");
        await SendAsync(ingest, "ann", "bob");
        await ingest.TickAsync();
        Assert.Equal(2, await ingest.CountAsync());
        Assert.Equal(0, await ingest.ScalarAsync("SELECT COUNT(*) FROM inbox"));
    }

    [Fact]
    public async Task Batch_that_was_resolved_before_an_erasure_is_resolved_again()
    {
        Interruption interruption = new();
        await using IngestFixture ingest = new(interruption.Around);
        await SendAsync(ingest, "ann", "bob");
        await ingest.TickAsync();
        long before = await ingest.NumberAsync("ann");
        await ingest.RequestErasureAsync("ann");

        // The batch has its ids and keys, and is on its way to the transaction, when the tick comes.
        interruption.Once = ingest.TickAsync;
        await ingest.SendAsync($"[{With("ann", "ann@example.com")},{With("bob", "bob@example.com")},{With("new", "new@example.com")}]");
        Assert.Equal(2, interruption.Calls - 1);
        long after = await ingest.NumberAsync("ann");
        Assert.NotEqual(before, after);
        await ingest.TickAsync();
        Assert.Equal([0L], (await ingest.RowsAsync($"SELECT COUNT(*) FROM {EventTable.Name(ingest.BuiltIn)} WHERE subject = {before}"))[0]);
        Assert.Equal([1L], (await ingest.RowsAsync($"SELECT COUNT(*) FROM {EventTable.Name(ingest.BuiltIn)} WHERE subject = {after}"))[0]);
        foreach (string person in (string[])["ann", "bob", "new"])
            Assert.Equal(person, await RevealAsync(ingest, (await ingest.LookUpAsync(person))!));
    }

    [Fact]
    public async Task Batch_that_was_resolved_before_an_erasure_cannot_be_saved()
    {
        await using VaultFixture fixture = new();
        (long[] ids, _) = await fixture.StoreAsync(["ann", "bob"]);
        long page = await fixture.Store.ReadAsync(c => KeyTable.PagesOf(c, [ids[0]]).Single().Key, Cancel);
        using VaultBatch stale = await fixture.ResolveAsync(["ann", "fresh"]);
        using VaultBatch unrelated = await fixture.ResolveAsync(["other"]);
        await fixture.Vault.EraseAsync(VaultFixture.Acme, page, [ids[0]], _ => { });
        await Assert.ThrowsAsync<VaultChangedException>(() => fixture.SaveAsync(stale));
        await Assert.ThrowsAsync<VaultChangedException>(() => fixture.SaveAsync(unrelated));
        using VaultBatch again = await fixture.ResolveAsync(["ann", "fresh", "bob"], VaultFixture.Email(2, "bob@example.com"));
        byte[] box = again.Seal(1, "sealed"u8, "row"u8);
        await fixture.SaveAsync(again);
        Assert.NotEqual(ids[0], again.SubjectId(0));
        Assert.Equal(ids[1], again.SubjectId(2));
        Assert.Equal("sealed", await fixture.OpenRowAsync(VaultFixture.Acme, again.SubjectId(1), box, "row"u8.ToArray()));
        Assert.Equal("bob@example.com", await fixture.OpenHolderAsync(VaultFixture.Acme, again.EntryId(0), ids[1]));
        stale.Dispose();
        unrelated.Dispose();
        again.Dispose();
        Assert.Equal(0, fixture.Vault.PendingCount);
    }

    [Fact]
    public async Task Erasure_that_fails_leaves_the_vault_as_it_was()
    {
        await using VaultFixture fixture = new();
        (long[] ids, _) = await fixture.StoreAsync(["ann", "bob"]);
        long page = await fixture.Store.ReadAsync(c => KeyTable.PagesOf(c, [ids[0]]).Single().Key, Cancel);
        using VaultBatch batch = await fixture.ResolveAsync(["ann", "eve"]);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            fixture.Vault.EraseAsync(VaultFixture.Acme, page, [ids[0]], _ => throw new InvalidOperationException("no")));
        await fixture.SaveAsync(batch);
        Assert.Equal(ids[0], batch.SubjectId(0));
        Assert.Equal("ann", await fixture.OpenHolderAsync(VaultFixture.Acme, ids[0], ids[0]));
        await fixture.StoreAsync(["ann", "zoe"]);
    }

    [Fact]
    public async Task Survivors_of_a_full_page_keep_their_keys_and_the_page_takes_new_people_again()
    {
        await using VaultFixture fixture = new();
        string[] people = [.. Enumerable.Range(0, KeyManagement.SubjectKeyPage.Capacity + 10).Select(i => $"person {i}")];
        (long[] ids, _) = await fixture.StoreAsync(people);
        ILookup<long, long> pages = await fixture.Store.ReadAsync(c => KeyTable.PagesOf(c, ids), Cancel);
        Assert.Equal(2, pages.Count);
        foreach (IGrouping<long, long> page in pages.ToArray())
            await fixture.Vault.EraseAsync(VaultFixture.Acme, page.Key, [page.First(), page.Last()], _ => { });
        Assert.Equal(people.Length - 4, await fixture.CountAsync("subject_key"));
        Assert.Equal(people.Length - 4, await fixture.CountAsync("vault_holder"));
        foreach (int i in (int[])[1, 2_000, 4_094, 4_097, 4_104])
            Assert.Equal(people[i], await fixture.OpenHolderAsync(VaultFixture.Acme, ids[i], ids[i]));
        (long[] later, _) = await fixture.StoreAsync([people[0], "somebody new"]);
        Assert.Equal(4, await fixture.CountAsync("key_page"));
        await fixture.RestartAsync();
        await fixture.StoreAsync(["and another"]);
        Assert.Equal("somebody new", await fixture.OpenHolderAsync(VaultFixture.Acme, later[1], later[1]));
        Assert.Equal(4, await fixture.CountAsync("key_page"));
    }

    [Fact]
    public async Task Page_of_which_all_are_erased_has_no_successor()
    {
        await using VaultFixture fixture = new();
        (long[] ids, _) = await fixture.StoreAsync(["ann", "bob"]);
        long page = await fixture.Store.ReadAsync(c => KeyTable.PagesOf(c, ids).Single().Key, Cancel);
        await fixture.Vault.EraseAsync(VaultFixture.Acme, page, ids, _ => { });
        Assert.Equal(0, await fixture.CountAsync("subject_key"));
        (long[] again, _) = await fixture.StoreAsync(["ann"]);
        Assert.Equal("ann", await fixture.OpenHolderAsync(VaultFixture.Acme, again[0], again[0]));
        Assert.Equal(2, await fixture.CountAsync("key_page"));
    }

    [Fact]
    public async Task Dataset_that_keeps_rows_keeps_them_under_a_number_of_nobody_without_sealed_values_and_tokens()
    {
        await using IngestFixture ingest = new();
        await ingest.Control.WriteAsync(t => ingest.Catalog.ChangeBounds(t, ingest.BuiltIn.Id, null, null, ErasedRows.Anonymize), Cancel);
        await ingest.SendAsync($"[{With("ann", "ann@example.com", "a secret note")},{With("ann", "family@example.com", "another")},{With("bob", "family@example.com", "third")}]");
        await ingest.TickAsync();
        long ann = await ingest.NumberAsync("ann");
        HashSet<string> keys = [.. (await ingest.RowsAsync($"SELECT CAST(event_key AS VARCHAR) FROM {EventTable.Name(ingest.BuiltIn)} WHERE subject = {ann}")).Select(r => (string)r[0]!)];
        Erasure asked = await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        Erasure done = await FindAsync(ingest, asked);
        Assert.Equal((ErasureState.Erased, ErasedRows.Anonymize), (done.State, done.Datasets["events"]));
        Assert.Equal(3, await ingest.CountAsync());
        string table = EventTable.Name(ingest.BuiltIn);
        string email = EventTable.Column(ingest.BuiltIn.Find("metadata.email")!);
        object?[] kept = (await ingest.RowsAsync($"SELECT COUNT(*), COUNT(DISTINCT subject), MIN(subject), COUNT(sealed), COUNT({email}) FROM {table} WHERE subject <> {await ingest.NumberAsync("bob")}"))[0];
        Assert.Equal((2L, 1L, 0L, 0L), ((long)kept[0]!, (long)kept[1]!, (long)kept[3]!, (long)kept[4]!));
        // The dictionary gives out positive numbers, so that nobody ever gets it, and nothing says whose it was.
        Assert.True((long)kept[2]! < 0);
        Assert.Equal(0, await ingest.ScalarAsync($"SELECT COUNT(*) FROM erasure WHERE subject_id = {ann}"));
        Assert.Empty((await KeysAsync(ingest)).Intersect(keys));
        Assert.Equal([1L], (await ingest.RowsAsync($"SELECT COUNT(sealed) FROM {table}"))[0]);
        await SendAsync(ingest, "ann");
        Assert.NotEqual(kept[2], await ingest.NumberAsync("ann"));
    }

    [Fact]
    public async Task Ranks_of_a_sealed_window_stay_and_those_of_the_erased_go()
    {
        await using IngestFixture ingest = new();
        await SendAsync(ingest, "ann", "bob", "ann", "bob");
        ingest.Time.Now += TimeSpan.FromDays(40);
        await ingest.TickAsync();
        string ranks = $"SELECT subject, row_in_window, group_in_window, row_in_group FROM {EventTable.Name(ingest.BuiltIn)} ORDER BY seq";
        IReadOnlyList<object?[]> before = await ingest.RowsAsync(ranks);
        Assert.All(before, r => Assert.NotNull(r[1]));
        long ann = await ingest.NumberAsync("ann");
        await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        Assert.Equal(before.Where(r => (long)r[0]! != ann), await ingest.RowsAsync(ranks));
        await SendAsync(ingest, "bob");
        await ingest.TickAsync();
        Assert.Equal(3L, (await ingest.RowsAsync(ranks))[^1][1]);
    }

    [Fact]
    public async Task Erasure_asked_for_twice_is_one_and_one_asked_for_before_a_restart_is_done_after_it()
    {
        await using IngestFixture ingest = new();
        await SendAsync(ingest, "ann", "bob");
        await ingest.TickAsync();
        Erasure first = await ingest.RequestErasureAsync("ann");
        Assert.Equal(first.Name, (await ingest.RequestErasureAsync("ann")).Name);
        await ingest.RestartAsync();
        Assert.Equal(ErasureState.Requested, (await FindAsync(ingest, first)).State);

        // A crash after each step.
        IReadOnlyList<Erasure> shredded = await ingest.Shredder.ShredKeysAsync(Cancel);
        await ingest.RestartAsync();
        Assert.Equal(first.Name, Assert.Single(await ingest.Shredder.ShredKeysAsync(Cancel)).Name);
        Assert.Equal(2, await ingest.CountAsync());
        await ingest.Shredder.RemoveRowsAsync(shredded, ingest.Time.Now, Cancel);
        await ingest.RestartAsync();
        Assert.Equal(ErasureState.Removed, (await FindAsync(ingest, first)).State);
        Assert.Equal(1, await ingest.CountAsync());
        await ingest.TickAsync();
        Assert.Equal(ErasureState.Erased, (await FindAsync(ingest, first)).State);
        Assert.Null(await ingest.LookUpAsync("ann"));
        Assert.Equal("bob", await RevealAsync(ingest, (await ingest.LookUpAsync("bob"))!));
    }

    [Fact]
    public async Task Check_finds_what_was_left()
    {
        await using IngestFixture ingest = new();
        await SendAsync(ingest, "ann", "bob");
        await ingest.TickAsync();
        long bob = await ingest.NumberAsync("bob");
        Erasure asked = await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        ErasureCheck check = new(ingest.Control, ingest.Events);
        Assert.Empty(await check.RunAsync([asked], [ingest.BuiltIn], Cancel));
        Assert.Equal("rows", (await check.RunAsync([asked with { SubjectId = bob }], [ingest.BuiltIn], Cancel))[asked.Id]);
        byte[] frame = RowFrame.Write([], [new ProtectedRow(Guid.NewGuid(), asked.SubjectId, 0, [], null)]);
        foreach ((string damage, byte[] bytes, string what) in ((string, byte[], string)[])
            [($"INSERT INTO vault_holder (entry_id, subject_id, sealed, key_version) VALUES (1, {asked.SubjectId}, @p0, 1)", [1], "values"),
             ($"INSERT INTO subject_key (subject_id, page, wrapped, version) VALUES ({asked.SubjectId}, 1, @p0, 1)", [1], "keys"),
             ($"UPDATE vault_entry SET salt = @p0 WHERE id = {asked.SubjectId}", [1], "join ids"),
             ("UPDATE key_page SET wrapped = @p0 WHERE state = 1", [1], "keys of pages"),
             ("INSERT INTO vault_entry (id, tenant, scope, join_id, state) VALUES (1000, 'default', 'field:metadata.email', @p0, 0)", new byte[16], "join ids of values"),
             ($"INSERT INTO vault_reveal (audit_seq, tenant, actor, at, entry_id) VALUES (1000000, 'default', 'a', length(@p0), {asked.SubjectId})", [1], "reveals"),
             ("INSERT INTO inbox (dataset_id, received_at, row_count, rows) VALUES (1, 0, 1, @p0)", frame, "rows in the inbox")])
        {
            InvalidOperationException found = await Assert.ThrowsAsync<InvalidOperationException>(() => ingest.Control.WriteAsync<bool>(
                transaction =>
                {
                    transaction.Execute(damage, bytes);
                    IControlStore inside = new OneConnection(transaction);
                    throw new InvalidOperationException(
                        new ErasureCheck(inside, ingest.Events).RunAsync([asked], [ingest.BuiltIn], Cancel).GetAwaiter().GetResult().GetValueOrDefault(asked.Id, "nothing"));
                },
                Cancel));
            Assert.Equal(what, found.Message);
        }

        Assert.Empty(await check.RunAsync([asked], [ingest.BuiltIn], Cancel));
    }

    private static async Task<string[]> KeysAsync(IngestFixture ingest) =>
        [.. (await ingest.RowsAsync($"SELECT CAST(event_key AS VARCHAR) FROM {EventTable.Name(ingest.BuiltIn)}")).Select(r => (string)r[0]!)];

    internal static string With(string user, string email, string note = "") => IngestFixture.Event(
        user, metadata: $$"""{"email":"{{email}}"{{(note.Length == 0 ? "" : $",\"note\":\"{note}\"")}}}""");

    private static Task<IngestReceipt> SendAsync(IngestFixture ingest, params string[] users) => ingest.SendAsync($"[{string.Join(',', users.Select(u => IngestFixture.Event(u)))}]");

    private static async Task<Erasure> FindAsync(IngestFixture ingest, Erasure erasure) => (await ingest.Shredder.FindAsync(Tenant.Default, erasure.Name, Cancel))!;

    private static async Task<string?> RevealAsync(IngestFixture ingest, string token) =>
        (await ingest.Reveals.RevealAsync(IngestFixture.Admin, [token], Reason, Cancel))[0].Value;

    private static async Task<IReadOnlyList<SubjectToken>> TokensAsync(IngestFixture ingest, string raw) => await ingest.Reveals.TokensOfAsync(
        (await ingest.Vault.FindSubjectAsync(Tenant.Default, (await ingest.LookUpAsync(raw))!, Cancel))!, VaultFixture.NoFormats, Cancel);
}
