using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.KeyManagement;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault.Rotation;

public class KeyRotatorTests
{
    private const string Reason = "Support ticket OPS-1234";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Caller Admin = new(VaultFixture.Acme, "admin", "it", Role.Admin);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotation_seals_everything_anew_and_changes_no_id()
    {
        await using VaultFixture fixture = new();
        string[] people = [.. Enumerable.Range(0, 50).Select(i => $"person{i}")];
        VaultValue[] emails = [.. people.Select((p, i) => VaultFixture.Email(i, $"{p}@example.com")), VaultFixture.Email(1, "person0@example.com")];
        (long[] subjects, long[] entries) = await fixture.StoreAsync(people, emails);
        string old = (await fixture.LookUpAsync("person7"))!;

        KeyRotation report = await RotateAsync(fixture);

        Assert.Equal((1, 2, RotationPhase.Done, 1L, 101L, true), (report.FromVersion, report.ToVersion, report.Phase, report.Pages, report.Holders, report.Whole));
        Assert.NotNull(report.FinishedAt);
        Assert.Equal([(2L, 101L)], await HolderVersionsAsync(fixture));
        Assert.Equal([2], await PageVersionsAsync(fixture));
        (long[] subjectsAfter, long[] entriesAfter) = await fixture.StoreAsync(people, emails);
        Assert.Equal(subjects, subjectsAfter);
        Assert.Equal(entries, entriesAfter);
        string fresh = (await fixture.LookUpAsync("person7"))!;
        Assert.StartsWith("sub1_", old, StringComparison.Ordinal);
        Assert.StartsWith("sub2_", fresh, StringComparison.Ordinal);
        Assert.Equal(["person7", "person7"], await RevealAsync(fixture, old, fresh));
        await fixture.RestartAsync();
        Assert.Equal(["person7", "person7"], await RevealAsync(fixture, old, fresh));
        Assert.Equal("person0@example.com", await fixture.OpenHolderAsync(VaultFixture.Acme, entries[0], subjects[1]));
        Assert.Equal(subjects[3], (await fixture.StoreAsync(["person3"])).Subjects[0]);
    }

    [Fact]
    public async Task Rotation_cut_off_half_way_is_resumed_and_every_value_counts_once()
    {
        await using VaultFixture fixture = new();
        string[] people = [.. Enumerable.Range(0, 3_000).Select(i => $"person{i}")];
        (long[] subjects, _) = await fixture.StoreAsync(people);
        string token = (await fixture.LookUpAsync("person2999"))!;
        KeyRotation rotation = await RequestAsync(fixture);
        await fixture.Vault.ChangeKeysAsync(VaultFixture.Acme, v => v.Add().Promote(2), t => RotationTable.Reach(t, rotation.Id, RotationPhase.Rewrapping), Cancel);
        TenantRing ring = await fixture.Vault.RingAsync(VaultFixture.Acme, Cancel);
        await foreach (RewrappedPiece piece in new PageRewrap(fixture.Store, ring, rotation).PiecesAsync(Cancel))
        {
            await WriteAsync(fixture, rotation, piece);
            break;
        }

        List<(long, long)> halfWay = await HolderVersionsAsync(fixture);
        Assert.Equal(2, halfWay.Count);
        Assert.Equal("person0", await fixture.OpenHolderAsync(VaultFixture.Acme, subjects[0], subjects[0]));
        Assert.Equal("person2999", await fixture.OpenHolderAsync(VaultFixture.Acme, subjects[^1], subjects[^1]));
        await fixture.RestartAsync();
        Assert.Equal(["person2999"], await RevealAsync(fixture, token));
        Assert.Equal(subjects, (await fixture.StoreAsync(people)).Subjects);

        KeyRotator rotator = fixture.NewRotator();
        KeyRotation report = (await rotator.RunAsync(VaultFixture.Acme, Cancel))!;

        Assert.Equal((3_000L, 1L, true), (report.Holders, report.Pages, report.Whole));
        Assert.Equal([(2L, 3_000L)], await HolderVersionsAsync(fixture));
        Assert.Null(await rotator.RunAsync(VaultFixture.Acme, Cancel));
    }

    [Fact]
    public async Task Revoked_version_opens_no_token_until_it_is_enabled_and_a_destroyed_one_never()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"]);
        string old = (await fixture.LookUpAsync("ann"))!;
        await RotateAsync(fixture);
        string fresh = (await fixture.LookUpAsync("ann"))!;
        KeyRotator rotator = fixture.NewRotator();

        await Assert.ThrowsAsync<KeyChangeRefusedException>(() => rotator.ChangeAsync(Admin, 2, KeyState.Disabled, Cancel));
        await Assert.ThrowsAsync<KeyChangeRefusedException>(() => rotator.ChangeAsync(Admin, 1, KeyState.Destroyed, Cancel));
        await Assert.ThrowsAsync<KeyChangeRefusedException>(() => rotator.ChangeAsync(Admin, 3, KeyState.Disabled, Cancel));
        await rotator.ChangeAsync(Admin, 1, KeyState.Disabled, Cancel);
        Assert.Equal([null, "ann"], await RevealAsync(fixture, old, fresh));
        Assert.Null(await fixture.Vault.FindSubjectAsync(VaultFixture.Acme, old, Cancel));
        await rotator.ChangeAsync(Admin, 1, KeyState.DecodeOnly, Cancel);
        Assert.Equal(["ann", "ann"], await RevealAsync(fixture, old, fresh));
        await rotator.ChangeAsync(Admin, 1, KeyState.Disabled, Cancel);
        await rotator.ChangeAsync(Admin, 1, KeyState.Destroyed, Cancel);
        await Assert.ThrowsAsync<KeyChangeRefusedException>(() => rotator.ChangeAsync(Admin, 1, KeyState.DecodeOnly, Cancel));

        await fixture.RestartAsync();
        Assert.Equal([null, "ann"], await RevealAsync(fixture, old, fresh));
        Assert.Empty((await fixture.Store.ReadAsync(c => TenantKeyTable.Read(c, VaultFixture.Acme.Value), Cancel))[0].Wrapped.ToArray());
        IReadOnlyList<AuditEntry> log = (await fixture.Audit.SearchAsync(new AuditFilter(VaultFixture.Acme, Limit: 1_000), Cancel)).Entries;
        Assert.Equal(4, log.Count(e => e.Record.Action == AuditActions.KeyChange && e.Record.Actor == "admin"));
    }

    [Fact]
    public async Task Batch_that_was_on_its_way_is_not_stored_under_the_old_version()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"]);
        using VaultBatch late = await fixture.ResolveAsync(["ann", "bob"], VaultFixture.Email(0, "ann@example.com"));

        await RotateAsync(fixture);

        await Assert.ThrowsAsync<VaultChangedException>(() => fixture.SaveAsync(late));
        await fixture.StoreAsync(["ann", "bob"], VaultFixture.Email(0, "ann@example.com"));
        Assert.Equal([(2L, 3L)], await HolderVersionsAsync(fixture));
        Assert.Equal([2, 2], await PageVersionsAsync(fixture));
    }

    [Fact]
    public async Task What_is_damaged_is_reported_and_stops_nothing_else()
    {
        SteppedTime time = new(new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc));
        await using VaultFixture fixture = new(time: time);
        (long[] first, _) = await fixture.StoreAsync(["ann", "bob"]);
        // Another page, since the first one is replaced as the current one with a rotation.
        await RotateAsync(fixture);
        (long[] second, long[] entries) = await fixture.StoreAsync(["cyd", "dan", "eve"], VaultFixture.Email(2, "eve@example.com"));
        await fixture.Store.WriteAsync(
            transaction =>
            {
                transaction.Execute("UPDATE key_page SET wrapped = @p0 WHERE page = (SELECT page FROM subject_key WHERE subject_id = @p1)", new byte[53], first[0]);
                transaction.Execute("UPDATE subject_key SET wrapped = @p0 WHERE subject_id = @p1", new byte[61], second[0]);
                return transaction.Execute("UPDATE vault_holder SET sealed = @p0 WHERE entry_id = @p1", new byte[5], entries[0]);
            },
            Cancel);

        KeyRotation report = await RotateAsync(fixture);

        Assert.Equal((RotationPhase.Done, 1L, 1L, 2L), (report.Phase, report.DamagedPages, report.DamagedKeys, report.DamagedHolders));
        Assert.Equal(2, report.Holders);
        Assert.Equal("dan", await fixture.OpenHolderAsync(VaultFixture.Acme, second[1], second[1]));
        await fixture.RestartAsync();
        Assert.Equal(["eve"], await RevealAsync(fixture, (await fixture.LookUpAsync("eve"))!));
        // What is damaged may be restored from a copy, and needs its version then.
        fixture.RotationTimes.Every = TimeSpan.Zero;
        KeyRotator rotator = fixture.NewRotator();
        time.Advance(TimeSpan.FromDays(366));
        await rotator.TendAsync(Cancel);
        time.Advance(TimeSpan.FromDays(366));
        await rotator.TendAsync(Cancel);
        Assert.Equal([KeyState.Disabled, KeyState.Disabled, KeyState.Primary], await StatesAsync(fixture));
    }

    [Fact]
    public async Task Tenants_outlive_the_destruction_of_an_old_version_of_the_root_key()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"]);
        await fixture.StoreAsync(VaultFixture.Globex, ["eve"]);
        string token = (await fixture.LookUpAsync("ann"))!;
        await RotateAsync(fixture);
        RootKeyVersion old = await fixture.Root.StateAsync(null, Cancel);
        await fixture.Root.RotateAsync(Cancel);
        Assert.Empty(await fixture.NewRotator().TendAsync(Cancel));
        await fixture.Root.ScheduleDestroyAsync(old.Version, Cancel);

        await fixture.RestartAsync();

        Assert.Equal(["ann"], await RevealAsync(fixture, token));
        Assert.NotNull(await fixture.Vault.LookUpSubjectAsync(VaultFixture.Globex, VaultFixture.Scope, "eve", Cancel));
    }

    [Fact]
    public async Task Keys_are_not_said_to_be_under_the_newest_root_key_while_a_version_is_being_made()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"]);
        KeyRotator rotator = fixture.NewRotator();
        TenantRing ring = await fixture.Vault.RingAsync(VaultFixture.Acme, Cancel);
        await ring.Changing.WaitAsync(Cancel);
        RootKeyVersion newest = await fixture.Root.RotateAsync(Cancel);
        Task<IReadOnlyList<Tenant>> rewrapping = rotator.RewrapUnderRootAsync(Cancel);
        await Task.WhenAny(rewrapping, Task.Delay(TimeSpan.FromMilliseconds(300), Cancel));
        Assert.False(rewrapping.IsCompleted);
        ring.Changing.Release();
        Assert.Empty(await rewrapping);
        Assert.All(
            await fixture.Store.ReadAsync(c => TenantKeyTable.Read(c, VaultFixture.Acme.Value), Cancel),
            k => Assert.Equal(newest.Version, WrappedKey.Parse(k.Wrapped.Span).Version));
    }

    [Fact]
    public async Task Schedule_renews_keys_monthly_and_ends_old_versions_in_their_time()
    {
        SteppedTime time = new(new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc));
        await using VaultFixture fixture = new(time: time);
        await fixture.StoreAsync(["ann"]);
        fixture.RotationTimes.OldTokensOpen = TimeSpan.FromDays(45);
        KeyRotator rotator = fixture.NewRotator();
        List<string> seen = [];
        for (int day = 0; day <= 120; day += 15)
        {
            await rotator.TendAsync(Cancel);
            seen.Add(string.Concat((await StatesAsync(fixture)).Select(s => "apodx"[(int)s])));
            time.Advance(TimeSpan.FromDays(15));
        }

        // Primary, opens only, disabled, destroyed (x).
        Assert.Equal(["p", "p", "op", "op", "oop", "dop", "doop", "xdop", "xdoop"], seen);
        Assert.NotEmpty(await RevealAsync(fixture, (await fixture.LookUpAsync("ann"))!));
    }

    [Fact]
    public async Task Rotation_asked_for_twice_is_one()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"]);
        Assert.Equal((await RequestAsync(fixture)).Id, (await RequestAsync(fixture)).Id);
        KeyRotator rotator = fixture.NewRotator();
        Assert.Equal(2, (await rotator.RunAsync(VaultFixture.Acme, Cancel))!.ToVersion);
        Assert.Equal(3, (await RequestAsync(fixture)).ToVersion);
    }

    [Fact]
    public async Task No_tenant_waits_for_the_rotation_of_another_nor_does_a_refusal_for_its_own()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"]);
        await fixture.StoreAsync(VaultFixture.Globex, ["eve"]);
        await RequestAsync(fixture);
        await RequestAsync(fixture, VaultFixture.Globex);
        HeldRootKey held = new(fixture.Root);
        KeyRotator rotator = fixture.NewRotator(held);
        Task<KeyRotation?> waiting = rotator.RunAsync(VaultFixture.Acme, Cancel);
        await held.Asked;

        // All of these are over while the first one still waits for the root key.
        Assert.Equal(RotationPhase.Done, (await rotator.RunAsync(VaultFixture.Globex, Cancel).WaitAsync(Patience, Cancel))!.Phase);
        await rotator.ChangeAsync(Admin with { Tenant = VaultFixture.Globex }, 1, KeyState.Disabled, Cancel).WaitAsync(Patience, Cancel);
        await Assert.ThrowsAsync<KeyChangeRefusedException>(() => rotator.ChangeAsync(Admin, 1, KeyState.Disabled, Cancel).WaitAsync(Patience, Cancel));
        Assert.False(waiting.IsCompleted);
        held.Answer();
        Assert.Equal(RotationPhase.Done, (await waiting)!.Phase);
    }

    [Fact]
    public async Task Who_is_erased_during_a_rotation_is_not_sealed_anew_and_the_others_of_the_page_are()
    {
        await using VaultFixture fixture = new();
        string[] people = [.. Enumerable.Range(0, 3_000).Select(i => $"person{i}")];
        (long[] subjects, _) = await fixture.StoreAsync(people);
        KeyRotation rotation = await RequestAsync(fixture);
        await fixture.Vault.ChangeKeysAsync(VaultFixture.Acme, v => v.Add().Promote(2), t => RotationTable.Reach(t, rotation.Id, RotationPhase.Rewrapping), Cancel);
        TenantRing ring = await fixture.Vault.RingAsync(VaultFixture.Acme, Cancel);
        long[] erased = [subjects[0], subjects[2_900]];
        long page = (await fixture.Store.ReadAsync(c => KeyTable.PagesOf(c, erased), Cancel)).Single().Key;
        await foreach (RewrappedPiece piece in new PageRewrap(fixture.Store, ring, rotation).PiecesAsync(Cancel))
        {
            // The one is in a piece that is written, the other in the one that is sealed and waits. The others come again in a page of their own.
            if (piece.Last && piece.Page == page)
                await fixture.Vault.EraseAsync(VaultFixture.Acme, page, erased, _ => { });
            await WriteAsync(fixture, rotation, piece);
        }

        Assert.Equal(2_998, await fixture.CountAsync("vault_holder"));
        KeyRotation report = (await fixture.NewRotator().RunAsync(VaultFixture.Acme, Cancel))!;

        Assert.Equal((RotationPhase.Done, true), (report.Phase, report.Whole));
        Assert.Equal([(2L, 2_998L)], await HolderVersionsAsync(fixture));
        await fixture.RestartAsync();
        Assert.Equal("person2999", await fixture.OpenHolderAsync(VaultFixture.Acme, subjects[2_999], subjects[2_999]));
        Assert.Null(await fixture.LookUpAsync("person0"));
        Assert.NotEqual(erased[1], (await fixture.StoreAsync(["person2900"])).Subjects[0]);
    }

    [Fact]
    public async Task Who_asks_for_a_rotation_while_the_server_stops_is_told_that_it_is_asked_for()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"]);
        object rotator = fixture.NewRotator();
        await fixture.Store.WriteAsync(
            transaction =>
            {
                KeyRotation asked = ((KeyRotator)rotator).Request(transaction, VaultFixture.Acme, "admin");
                (rotator as IDisposable)?.Dispose();
                return asked;
            },
            Cancel);
        Assert.False(fixture.Store.Failed);
        Assert.Equal(RotationPhase.Done, (await fixture.NewRotator().RunAsync(VaultFixture.Acme, Cancel))!.Phase);
    }

    private static async Task<KeyRotation> RequestAsync(VaultFixture fixture, Tenant? tenant = null)
    {
        KeyRotator rotator = fixture.NewRotator();
        return await fixture.Store.WriteAsync(t => rotator.Request(t, tenant ?? VaultFixture.Acme, "admin"), Cancel);
    }

    private static Task<bool> WriteAsync(VaultFixture fixture, KeyRotation rotation, RewrappedPiece piece) => fixture.Store.WriteAsync(
        transaction =>
        {
            RotationTable.Write(transaction, rotation, piece);
            return true;
        },
        Cancel);

    private static async Task<KeyRotation> RotateAsync(VaultFixture fixture)
    {
        await RequestAsync(fixture);
        KeyRotator rotator = fixture.NewRotator();
        return (await rotator.RunAsync(VaultFixture.Acme, Cancel))!;
    }

    private static async Task<IEnumerable<string?>> RevealAsync(VaultFixture fixture, params string[] tokens) =>
        (await fixture.Reveals.RevealAsync(Admin, tokens, Reason, Cancel)).Select(v => v.Value);

    private static async Task<KeyState[]> StatesAsync(VaultFixture fixture) =>
        [.. (await fixture.Store.ReadAsync(c => TenantKeyTable.Read(c, VaultFixture.Acme.Value), Cancel)).Select(k => k.State)];

    private static Task<List<(long Version, long Count)>> HolderVersionsAsync(VaultFixture fixture) => fixture.Store.ReadAsync(
        connection =>
        {
            using System.Data.Common.DbCommand command = connection.Command("SELECT key_version, COUNT(*) FROM vault_holder GROUP BY key_version ORDER BY key_version");
            using System.Data.Common.DbDataReader reader = command.ExecuteReader();
            List<(long, long)> found = [];
            while (reader.Read())
                found.Add((reader.GetInt64(0), reader.GetInt64(1)));
            return found;
        },
        Cancel);

    private static Task<List<int>> PageVersionsAsync(VaultFixture fixture) => fixture.Store.ReadAsync(
        connection =>
        {
            using System.Data.Common.DbCommand command = connection.Command("SELECT wrapped FROM key_page ORDER BY page");
            using System.Data.Common.DbDataReader reader = command.ExecuteReader();
            List<int> found = [];
            while (reader.Read())
                found.Add(SubjectKeyPage.TenantVersionOf(reader.GetFieldValue<byte[]>(0)));
            return found;
        },
        Cancel);
}
