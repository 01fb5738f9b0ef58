using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.Ingestion;

/// <summary>A client that repeats what it sent, as it did not hear the answer, brings nobody back who was erased meanwhile; somebody who does something new comes back as a new person.</summary>
public class RepetitionAfterErasureTests
{
    [Fact]
    public async Task Repeated_request_is_answered_as_before_and_brings_the_erased_back_neither_to_the_rows_nor_to_the_vault()
    {
        await using IngestFixture ingest = new();
        string body = $"[{IngestFixture.Event("ann", metadata: """{"email":"ann@example.com"}""")},{IngestFixture.Event("bob")},{{}}]";
        IngestReceipt first = await ingest.SendAsync(body, key: "k1");
        await EraseAsync(ingest, "ann");
        IngestReceipt second = await ingest.SendAsync(body, key: "k1");
        Assert.Equal((first.Accepted, first.Rejected), (second.Accepted, second.Rejected));
        Assert.Equal(first.Errors, second.Errors);
        Assert.Equal(1, await ingest.CountAsync());
        Assert.Null(await ingest.LookUpAsync("ann"));
        Assert.Equal(1, await ingest.ScalarAsync("SELECT COUNT(*) FROM vault_holder"));
    }

    [Fact]
    public async Task Repeated_events_with_ids_of_their_own_do_not_either_and_new_ones_of_the_same_batch_are_stored()
    {
        await using IngestFixture ingest = new();
        await ingest.SendAsync($"[{IngestFixture.Event("ann", id: "1")},{IngestFixture.Event("bob", id: "1")}]");
        await EraseAsync(ingest, "ann");
        IngestReceipt all = await ingest.SendAsync($"[{IngestFixture.Event("ann", id: "1")},{IngestFixture.Event("bob", id: "1")},{IngestFixture.Event("cem", id: "1")}]");
        Assert.Equal(3, all.Accepted);
        Assert.Equal(2, await ingest.CountAsync());
        Assert.Null(await ingest.LookUpAsync("ann"));
        Assert.NotNull(await ingest.LookUpAsync("cem"));
        Assert.Equal(1, (await ingest.SendAsync(IngestFixture.Event("ann", id: "1"))).Accepted);
        Assert.Null(await ingest.LookUpAsync("ann"));

        // Another source's event of that id is another event, and so is another event of this source: she has come back.
        await ingest.SendAsync(IngestFixture.Event("ann", id: "2"));
        Assert.Equal(3, await ingest.CountAsync());
        Assert.NotNull(await ingest.LookUpAsync("ann"));
    }

    [Fact]
    public async Task Rows_that_were_on_their_way_at_the_erasure_are_remembered_too()
    {
        await using IngestFixture ingest = new();
        await ingest.SendAsync(IngestFixture.Event("ann", id: "1"));
        await ingest.TickAsync();
        await ingest.RequestErasureAsync("ann");
        await ingest.SendAsync(IngestFixture.Event("ann", id: "2"));
        await ingest.TickAsync();
        await ingest.SendAsync($"[{IngestFixture.Event("ann", id: "1")},{IngestFixture.Event("ann", id: "2")}]");
        Assert.Equal(0, await ingest.CountAsync());
        Assert.Null(await ingest.LookUpAsync("ann"));
    }

    [Fact]
    public async Task Rows_on_their_way_are_remembered_with_the_keys_and_not_only_when_they_are_removed()
    {
        await using IngestFixture ingest = new();
        await ingest.SendAsync(IngestFixture.Event("ann", id: "1"));
        await ingest.TickAsync();
        await ingest.RequestErasureAsync("ann");
        await ingest.SendAsync($"[{IngestFixture.Event("ann", id: "2")},{IngestFixture.Event("bob", id: "2")}]");
        Assert.Single(await ingest.Shredder.ShredKeysAsync(IngestFixture.Cancel));
        Assert.Equal(2, await ingest.ScalarAsync("SELECT COUNT(*) FROM erased_event"));
        await ingest.SendAsync($"[{IngestFixture.Event("ann", id: "1")},{IngestFixture.Event("ann", id: "2")}]");
        Assert.Null(await ingest.LookUpAsync("ann"));
        await ingest.TickAsync();
        Assert.Equal(1, await ingest.CountAsync());
        Assert.Null(await ingest.LookUpAsync("ann"));
    }

    [Fact]
    public async Task Repetition_that_was_resolved_before_the_erasure_brings_nobody_back()
    {
        TokenVault.Shredding.Interruption interruption = new();
        await using IngestFixture ingest = new(services => interruption.Around(services));
        await ingest.SendAsync(IngestFixture.Event("ann", id: "1"));
        await ingest.TickAsync();
        await ingest.RequestErasureAsync("ann");
        interruption.Once = ingest.TickAsync;
        await ingest.SendAsync(IngestFixture.Event("ann", id: "1"));
        Assert.Null(interruption.Once);
        Assert.Equal(0, await ingest.CountAsync());
        Assert.Null(await ingest.LookUpAsync("ann"));
    }

    [Fact]
    public async Task Keys_of_erased_events_name_nobody_and_are_forgotten_when_repetitions_end()
    {
        await using IngestFixture ingest = new();
        await ingest.SendAsync(IngestFixture.Event("ann", id: "1"));
        await EraseAsync(ingest, "ann");
        Assert.Equal(1, await ingest.ScalarAsync("SELECT COUNT(*) FROM erased_event WHERE length(event_key) = 16"));
        ingest.Time.Now += new IngestOptions().IdempotencyWindow + TimeSpan.FromDays(1);
        await ingest.Settler.StartAsync(IngestFixture.Cancel);
        for (int i = 0; i < 300 && await ingest.ScalarAsync("SELECT COUNT(*) FROM erased_event") > 0; i++)
            await Task.Delay(100, IngestFixture.Cancel);
        await ingest.Settler.StopAsync(IngestFixture.Cancel);
        Assert.Equal(0, await ingest.ScalarAsync("SELECT COUNT(*) FROM erased_event"));
    }

    private static async Task EraseAsync(IngestFixture ingest, string raw)
    {
        await ingest.TickAsync();
        Erasure asked = await ingest.RequestErasureAsync(raw);
        await ingest.TickAsync();
        Assert.Equal(ErasureState.Erased, (await ingest.Shredder.FindAsync(Tenant.Default, asked.Name, IngestFixture.Cancel))!.State);
    }
}
