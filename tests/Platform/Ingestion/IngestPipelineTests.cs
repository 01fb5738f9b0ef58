using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Ingestion;

public class IngestPipelineTests : IAsyncDisposable
{
    private readonly IngestFixture _ingest = new();

    public async ValueTask DisposeAsync()
    {
        await _ingest.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_event_of_the_readme_goes_the_whole_way()
    {
        IngestReceipt receipt = await _ingest.SendAsync(
            """{"user_id": "user@example.com","action":"login","timestamp":"2024-01-15T10:30:00Z","metadata":{"ip_address":"192.168.1.1","device":"mobile"}}""");
        Assert.Equal((1, 0), (receipt.Accepted, receipt.Rejected));
        Assert.Equal(1, await _ingest.CountAsync());
        Assert.Equal(["login"], await _ingest.ColumnAsync("action"));
        Assert.Equal(["""{"metadata.device":"mobile"}"""], await _ingest.SealedAsync());
        Field address = _ingest.BuiltIn.Find("metadata.ip_address")!;
        Assert.Equal((TreatmentKind.Tokenize, ClassificationState.Suggested), (address.Treatment.Kind, address.Classification.State));
        Assert.False(address.Visible);
    }

    [Fact]
    public async Task The_good_part_of_a_batch_is_stored()
    {
        IngestReceipt receipt = await _ingest.SendAsync($"[{IngestFixture.Event("ann")},{{\"user_id\":\"bob\"}},{IngestFixture.Event("cem")}]");
        Assert.Equal((2, 1), (receipt.Accepted, receipt.Rejected));
        EventError error = Assert.Single(receipt.Errors);
        Assert.Equal((1, "$.action"), (error.Index, error.Path));
        Assert.Equal(2, await _ingest.CountAsync());
    }

    [Fact]
    public async Task A_body_without_any_valid_event_is_refused_with_its_faults()
    {
        IngestRefusedException refused = await _ingest.RefusedAsync("[{},7]");
        Assert.Equal((IngestRefusals.InvalidEvents, 2, 2, "$.user_id"), (refused.Code, refused.Rejected, refused.Errors.Count, refused.Path));
        Assert.Equal(IngestRefusals.MalformedJson, (await _ingest.RefusedAsync("{\n{", BodyFormat.NdJson)).Code);
        Assert.Equal(IngestRefusals.BodyTooLarge, (await _ingest.RefusedAsync(new string(' ', 10_000_001))).Code);
        Assert.Equal(0, await _ingest.CountAsync());
    }

    [Fact]
    public async Task An_empty_array_is_nothing_and_no_fault()
    {
        Assert.Equal((0, 0), ((await _ingest.SendAsync("[]")).Accepted, (await _ingest.SendAsync("[]")).Rejected));
        Assert.Equal(0, await _ingest.ScalarAsync("SELECT COUNT(*) FROM inbox"));
    }

    [Fact]
    public async Task A_duplicate_is_stored_once_and_answered_like_an_acceptance()
    {
        IngestReceipt first = await _ingest.SendAsync(IngestFixture.Event(id: "e1"));
        IngestReceipt second = await _ingest.SendAsync($"[{IngestFixture.Event(id: "e1")},{IngestFixture.Event(id: "e1")}]");
        Assert.Equal((1, 0), (first.Accepted, first.Rejected));
        Assert.Equal((2, 0), (second.Accepted, second.Rejected));
        Assert.Equal(1, await _ingest.CountAsync());
    }

    [Fact]
    public async Task One_persons_event_id_never_suppresses_anothers_row()
    {
        await _ingest.SendAsync($"[{IngestFixture.Event("ann", id: "1")},{IngestFixture.Event("bob", id: "1")}]");
        Assert.Equal(2, await _ingest.CountAsync());
    }

    [Fact]
    public async Task Event_ids_are_unique_in_their_source_only()
    {
        await _ingest.SendAsync(IngestFixture.Event(id: "1"), client: "app");
        await _ingest.SendAsync(IngestFixture.Event(id: "1"), client: "shop");
        Assert.Equal(2, await _ingest.CountAsync());
    }

    [Fact]
    public async Task Under_one_source_an_event_is_stored_once_whoever_sends_it()
    {
        await _ingest.SendAsync(IngestFixture.Event(id: "1"), client: "app", source: "import/a");
        await _ingest.SendAsync(IngestFixture.Event(id: "1"), client: "shop", source: "import/a");
        Assert.Equal(1, await _ingest.CountAsync());
        await _ingest.SendAsync(IngestFixture.Event(id: "1"), client: "app", source: "import/b");
        Assert.Equal(2, await _ingest.CountAsync());
    }

    [Fact]
    public async Task A_client_and_a_source_of_the_same_name_are_not_the_same()
    {
        await _ingest.SendAsync(IngestFixture.Event(id: "1"), client: "shop");
        await _ingest.SendAsync(IngestFixture.Event(id: "1"), client: "app", source: "shop");
        Assert.Equal(2, await _ingest.CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("ключ")]
    public async Task An_odd_source_is_refused(string source)
    {
        Assert.Equal(IngestRefusals.InvalidSource, (await _ingest.RefusedAsync(IngestFixture.Event(), source: source)).Code);
        Assert.Equal(IngestRefusals.InvalidSource, (await _ingest.RefusedAsync(IngestFixture.Event(), source: new string('s', 129))).Code);
    }

    [Fact]
    public async Task Events_without_an_id_all_count()
    {
        await _ingest.SendAsync($"[{IngestFixture.Event()},{IngestFixture.Event()}]");
        await _ingest.SendAsync(IngestFixture.Event());
        Assert.Equal(3, await _ingest.CountAsync());
    }

    [Fact]
    public async Task The_same_key_and_body_are_accepted_again_and_stored_once()
    {
        string body = $"[{IngestFixture.Event()},{IngestFixture.Event("bob")},{{}}]";
        IngestReceipt first = await _ingest.SendAsync(body, key: "the-first-key");
        IngestReceipt second = await _ingest.SendAsync(body, key: "the-first-key");
        Assert.Equal((first.Accepted, first.Rejected), (second.Accepted, second.Rejected));
        Assert.Equal(first.Errors, second.Errors);
        Assert.Equal(2, await _ingest.CountAsync());
        await _ingest.SendAsync(body, key: "the-first-key");
        Assert.Equal(2, await _ingest.CountAsync());
        Assert.Equal(0, await _ingest.ScalarAsync("SELECT COUNT(*) FROM idempotency WHERE idempotency_key LIKE '%the-first-key%'"));
    }

    [Fact]
    public async Task An_event_that_was_of_the_future_at_first_and_is_accepted_when_it_is_repeated_is_stored()
    {
        string body = $"[{IngestFixture.Event()},{{\"user_id\":\"bob\",\"action\":\"login\",\"timestamp\":\"2026-01-01T01:00:00Z\"}}]";
        IngestReceipt first = await _ingest.SendAsync(body, key: "k1");
        Assert.Equal((1, 1), (first.Accepted, first.Rejected));
        _ingest.Time.Now += TimeSpan.FromHours(2);
        IngestReceipt second = await _ingest.SendAsync(body, key: "k1");
        Assert.Equal((2, 0), (second.Accepted, second.Rejected));
        Assert.Equal(2, await _ingest.CountAsync());
    }

    [Fact]
    public async Task The_same_key_and_body_of_another_source_are_other_events()
    {
        await _ingest.SendAsync(IngestFixture.Event(), key: "k", source: "shop-a");
        await _ingest.SendAsync(IngestFixture.Event(), key: "k", source: "shop-b");
        await _ingest.SendAsync(IngestFixture.Event(), key: "k", source: "shop-b", client: "another");
        Assert.Equal(2, await _ingest.CountAsync());
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_a_conflict_and_stores_nothing()
    {
        await _ingest.SendAsync(IngestFixture.Event("ann"), key: "k1");
        IngestRefusedException refused = await _ingest.RefusedAsync(IngestFixture.Event("bob"), key: "k1");
        Assert.Equal(IngestRefusals.IdempotencyConflict, refused.Code);
        Assert.Equal(1, await _ingest.CountAsync());
        Assert.Equal(1, await _ingest.ScalarAsync("SELECT COUNT(*) FROM audit_outbox WHERE action = 'data_ingest'"));

        // Keys belong to their source.
        await _ingest.SendAsync(IngestFixture.Event("bob"), key: "k1", client: "shop");
        Assert.Equal(2, await _ingest.CountAsync());
    }

    [Fact]
    public async Task A_key_that_was_forgotten_never_suppresses_a_new_body()
    {
        await _ingest.SendAsync(IngestFixture.Event("ann"), key: "k1");
        await _ingest.Control.WriteAsync(tx => IdempotencyTable.DeleteBefore(tx, _ingest.Time.Now.AddDays(1)), IngestFixture.Cancel);
        await _ingest.SendAsync(IngestFixture.Event("ann"), key: "k1");
        await _ingest.SendAsync(IngestFixture.Event("ann", "logout"), key: "k2");
        Assert.Equal(2, await _ingest.CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("ключ")]
    public async Task An_odd_idempotency_key_is_refused(string key) =>
        Assert.Equal(IngestRefusals.InvalidIdempotencyKey, (await _ingest.RefusedAsync(IngestFixture.Event(), key: key)).Code);

    [Fact]
    public async Task Frame_vault_entries_and_audit_record_are_one_transaction()
    {
        await _ingest.SendAsync($"[{IngestFixture.Event()},{{}}]");
        // PostgreSQL has the row itself in its place.
        string row = Engines.OnPostgres ? EventTable.Name(_ingest.BuiltIn) : "inbox";
        Assert.Equal(1, await _ingest.ScalarAsync($"SELECT COUNT(*) FROM {row}"));
        Assert.Equal(1, await _ingest.ScalarAsync("SELECT COUNT(*) FROM vault_entry"));
        Assert.Equal(
            1,
            await _ingest.ScalarAsync(
                """SELECT COUNT(*) FROM audit_outbox WHERE action = 'data_ingest' AND actor = 'app' AND role = 'ingest' AND object = 'dataset/events' AND outcome = 'ok' AND detail = '{"accepted":1,"rejected":1}'"""));
    }

    [Fact]
    public async Task Concurrent_batches_with_the_same_new_people_agree_about_them()
    {
        string body = "[" + string.Join(',', Enumerable.Range(0, 50).Select(i => IngestFixture.Event("user" + i, metadata: "{\"n\":1}"))) + "]";
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _ingest.SendAsync(body)));
        Assert.Equal(400, await _ingest.CountAsync());
        Assert.Equal(50L, (await _ingest.RowsAsync($"SELECT count(DISTINCT subject) FROM {EventTable.Name(_ingest.BuiltIn)}"))[0][0]);
        Assert.Equal(50, await _ingest.ScalarAsync("SELECT COUNT(*) FROM vault_entry"));
    }
}
