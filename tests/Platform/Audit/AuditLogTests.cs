using Microsoft.Extensions.Options;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Audit;

public class AuditLogTests : IAsyncDisposable
{
    private static readonly DateTime Start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ManualTime _time = new(Start);
    private readonly EmbeddedStores _stores = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_comes_back_as_it_was_written()
    {
        AuditRecord full = new(Tenant.Default, "admin", "Admin", AuditActions.CatalogChange, "dataset/events", "ok", """{"field":"metadata.os"}""");
        AuditRecord bare = new(Tenant.Default, "anonymous", null, AuditActions.Login, "token", "invalid_client");
        await Log().WriteAsync(full, Token);
        _time.Now = Start.AddSeconds(1);
        await Log().WriteAsync(bare, Token);
        AuditPage page = await Log().SearchAsync(new AuditFilter(Tenant.Default), Token);
        Assert.Equal([new AuditEntry(2, Start.AddSeconds(1), bare), new AuditEntry(1, Start, full)], page.Entries);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task A_record_is_there_exactly_if_what_it_records_is()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _stores.Control.WriteAsync<bool>(
            tx =>
            {
                Log().Append(tx, Record());
                throw new InvalidOperationException();
            },
            Token));
        Assert.Empty((await Log().SearchAsync(new AuditFilter(Tenant.Default), Token)).Entries);
    }

    [Fact]
    public async Task Pages_are_newest_first_meet_without_gap_or_overlap_and_do_not_move_when_records_come_in()
    {
        await FillAsync(25);
        List<long> seen = [];
        string? cursor = null;
        do
        {
            AuditPage page = await Log().SearchAsync(new AuditFilter(Tenant.Default, Limit: 10, Cursor: cursor), Token);
            seen.AddRange(page.Entries.Select(e => e.Sequence));
            cursor = page.Next;
            await Log().WriteAsync(Record(), Token);
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Range(1, 25).Select(i => 26L - i), seen);
    }

    [Fact]
    public async Task A_page_that_ends_with_the_last_record_has_no_next()
    {
        await FillAsync(10);
        Assert.Null((await Log().SearchAsync(new AuditFilter(Tenant.Default, Limit: 10), Token)).Next);
        Assert.NotNull((await Log().SearchAsync(new AuditFilter(Tenant.Default, Limit: 9), Token)).Next);
    }

    [Fact]
    public async Task Filters_hold_together_and_never_cross_tenants()
    {
        Tenant other = new("other");
        await WriteAtAsync(0, Record("admin", AuditActions.DataAccess));
        await WriteAtAsync(1, Record("admin", AuditActions.Login));
        await WriteAtAsync(2, Record("ana", AuditActions.DataAccess));
        await WriteAtAsync(3, Record("admin", AuditActions.DataAccess));
        await WriteAtAsync(4, Record("admin", AuditActions.DataAccess) with { Tenant = other });

        Assert.Equal([4L, 2L, 1L], await FoundAsync(new AuditFilter(Tenant.Default, Actor: "admin")));
        Assert.Equal([4L, 3L, 1L], await FoundAsync(new AuditFilter(Tenant.Default, Action: AuditActions.DataAccess)));
        Assert.Equal([4L, 1L], await FoundAsync(new AuditFilter(Tenant.Default, "admin", AuditActions.DataAccess)));
        Assert.Equal([3L, 2L], await FoundAsync(new AuditFilter(Tenant.Default, From: Start.AddMinutes(1), To: Start.AddMinutes(3))));
        Assert.Equal([5L], await FoundAsync(new AuditFilter(other)));
        Assert.Empty(await FoundAsync(new AuditFilter(Tenant.Default, Actor: "' OR 1=1 --")));
        Assert.Equal([2L], await FoundAsync(new AuditFilter(Tenant.Default, From: Start.AddMinutes(1), To: Start.AddMinutes(2), Limit: 1_000)));

        async Task WriteAtAsync(int minute, AuditRecord record)
        {
            _time.Now = Start.AddMinutes(minute);
            // Sequence 1 to 5.
            await Log().WriteAsync(record, Token);
        }
    }

    [Theory]
    [InlineData(0, null, "limit")]
    [InlineData(1_001, null, "limit")]
    [InlineData(-1, null, "limit")]
    [InlineData(10, "", "cursor")]
    [InlineData(10, "1", "cursor")]
    [InlineData(10, "AAAAAAAAAAAA", "cursor")]
    [InlineData(10, "' OR 1=1 --!", "cursor")]
    public async Task A_search_that_makes_no_sense_is_refused_naming_the_property(int limit, string? cursor, string field)
    {
        AuditFilterException refusal = await Assert.ThrowsAsync<AuditFilterException>(
            () => Log().SearchAsync(new AuditFilter(Tenant.Default, Limit: limit, Cursor: cursor), Token));
        Assert.Equal(field, refusal.Field);
    }

    [Fact]
    public async Task A_range_that_ends_before_it_begins_is_refused() => Assert.Equal(
        "to",
        (await Assert.ThrowsAsync<AuditFilterException>(() => Log().SearchAsync(new AuditFilter(Tenant.Default, From: Start, To: Start), Token))).Field);

    [Theory]
    [InlineData("UPDATE audit_outbox SET actor = 'somebody'")]
    [InlineData("DELETE FROM audit_outbox")]
    [InlineData("INSERT OR REPLACE INTO audit_outbox (seq, at, tenant, actor, action, object, outcome) VALUES (1, 0, 'default', 'x', 'x', 'x', 'x')")]
    [InlineData("DELETE FROM audit_policy")]
    public async Task Nobody_changes_or_deletes_a_record_by_hand(string sql)
    {
        await FillAsync(1);
        await Assert.ThrowsAsync<StorageFailureException>(() => _stores.Control.WriteAsync(tx => tx.Execute(sql), Token));
        Assert.Equal(["admin"], (await Log().SearchAsync(new AuditFilter(Tenant.Default), Token)).Entries.Select(e => e.Record.Actor));
    }

    [Fact]
    public async Task Records_past_their_days_are_deleted_and_no_others()
    {
        await FillAsync(2);
        _time.Now = Start.AddDays(10);
        await FillAsync(1);
        _time.Now = Start.AddDays(30);
        Assert.Equal(0, await Log(new AuditOptions { RetentionDays = 30 }).DeleteExpiredAsync(Token));
        _time.Now = Start.AddDays(31);
        Assert.Equal(2, await Log(new AuditOptions { RetentionDays = 30 }).DeleteExpiredAsync(Token));
        Assert.Equal([3L], await FoundAsync(new AuditFilter(Tenant.Default)));
        await Assert.ThrowsAsync<StorageFailureException>(() => _stores.Control.WriteAsync(tx => tx.Execute("DELETE FROM audit_outbox"), Token));
    }

    [Fact]
    public async Task An_immutable_log_deletes_nothing_and_stays_so()
    {
        await FillAsync(1);
        await Log(new AuditOptions { RetentionDays = 30, ImmutableLog = true }).ApplyPolicyAsync(Token);
        _time.Now = Start.AddDays(100);
        AuditLog later = Log(new AuditOptions { RetentionDays = 30, ImmutableLog = false });
        await later.ApplyPolicyAsync(Token);
        Assert.Equal(0, await later.DeleteExpiredAsync(Token));
        await Assert.ThrowsAsync<StorageFailureException>(() => _stores.Control.WriteAsync(tx => tx.Execute("DELETE FROM audit_outbox"), Token));
        await Assert.ThrowsAsync<StorageFailureException>(() => _stores.Control.WriteAsync(tx => tx.Execute("UPDATE audit_policy SET is_immutable = 0"), Token));
        await Assert.ThrowsAsync<StorageFailureException>(() => _stores.Control.WriteAsync(
            tx => tx.Execute("INSERT OR REPLACE INTO audit_policy (id, is_immutable, delete_before) VALUES (1, 0, 9223372036854775807)"), Token));
        Assert.Equal([1L], await FoundAsync(new AuditFilter(Tenant.Default)));
    }

    [Fact]
    public async Task A_text_that_a_caller_chose_is_cut_rather_than_lost()
    {
        await Log().WriteAsync(Record() with { Object = new string('x', 10_000) }, Token);
        Assert.Equal(512, (await Log().SearchAsync(new AuditFilter(Tenant.Default), Token)).Entries[0].Record.Object.Length);
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static AuditRecord Record(string actor = "admin", string action = AuditActions.DataAccess) =>
        new(Tenant.Default, actor, "Admin", action, "dataset/events", "ok");

    private AuditLog Log(AuditOptions? options = null) => new(_stores.Control, _time, Options.Create(options ?? new AuditOptions()));

    private async Task FillAsync(int count)
    {
        for (int i = 0; i < count; i++)
            await Log().WriteAsync(Record(), Token);
    }

    private async Task<IEnumerable<long>> FoundAsync(AuditFilter filter) => (await Log().SearchAsync(filter, Token)).Entries.Select(e => e.Sequence);
}
