using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.KeyManagement;
using Opaline.Platform.Tests.Ingestion;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault.Shredding;

/// <summary>What is damaged or out of reach for some holds up neither settling nor anybody else's erasure.</summary>
public class DelayedErasureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Damaged_key_of_one_who_stays_keeps_nobody_of_its_page_and_opens_again_when_it_is_restored()
    {
        CapturedLog log = new();
        await using IngestFixture ingest = new(services => services.AddLogging(b => b.AddProvider(log)));
        await SendAsync(ingest, "ann", "bob", "cem", "dan");
        await ingest.TickAsync();
        string bobsToken = (await ingest.LookUpAsync("bob"))!;
        long bob = await ingest.NumberAsync("bob");
        byte[] whole = await SetKeyAsync(ingest, bob, new byte[60]);
        Erasure ann = await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        Assert.Equal(ErasureState.Erased, (await FindAsync(ingest, ann)).State);
        Assert.Contains("1 keys of page 1 do not open", Encoding.UTF8.GetString(log.ToUtf8()), StringComparison.Ordinal);
        Assert.Equal("cem", await RevealAsync(ingest, (await ingest.LookUpAsync("cem"))!));
        Assert.Null(await RevealAsync(ingest, bobsToken));

        // The page's key stays for as long as such a key needs it.
        await SetKeyAsync(ingest, bob, whole);
        Assert.Equal("bob", await RevealAsync(ingest, bobsToken));
        Erasure other = await ingest.RequestErasureAsync("bob");
        await SendAsync(ingest, "eve");
        await ingest.TickAsync();
        Assert.Equal(ErasureState.Erased, (await FindAsync(ingest, other)).State);
        Assert.Equal(0, await ingest.ScalarAsync("SELECT COUNT(*) FROM key_page WHERE page = 1 AND state = 0"));
        Assert.Equal("eve", await RevealAsync(ingest, (await ingest.LookUpAsync("eve"))!));
    }

    [Fact]
    public async Task Who_has_no_key_row_or_a_damaged_join_id_is_erased_all_the_same()
    {
        await using IngestFixture ingest = new();
        await SendAsync(ingest, "ann", "bob", "cem");
        await ingest.TickAsync();
        Erasure[] asked = [await ingest.RequestErasureAsync("ann"), await ingest.RequestErasureAsync("bob")];
        await ingest.Control.WriteAsync(t => t.Execute($"DELETE FROM subject_key WHERE subject_id = {asked[0].SubjectId}"), Cancel);
        await ingest.Control.WriteAsync(t => t.Execute($"UPDATE vault_entry SET join_id = @p0 WHERE id = {asked[1].SubjectId}", new byte[] { 1, 2, 3 }), Cancel);
        await ingest.TickAsync();
        foreach (Erasure erasure in asked)
            Assert.Equal(ErasureState.Erased, (await FindAsync(ingest, erasure)).State);
        Assert.Equal(1, await ingest.CountAsync());
        Assert.Equal("cem", await RevealAsync(ingest, (await ingest.LookUpAsync("cem"))!));
    }

    [Fact]
    public async Task Value_that_nobody_holds_is_erased_and_holds_up_no_receipt()
    {
        await using IngestFixture ingest = new();
        await ingest.SendAsync($"[{Mail("ann")},{Mail("bob")},{Mail("cem")}]");
        await ingest.TickAsync();
        long bob = await ingest.NumberAsync("bob");
        Assert.Equal(1, await ingest.Control.WriteAsync(t => t.Execute($"DELETE FROM vault_holder WHERE subject_id = {bob} AND entry_id <> subject_id"), Cancel));
        Erasure asked = await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        Assert.Equal(ErasureState.Erased, (await FindAsync(ingest, asked)).State);
        Assert.Equal(1, await ingest.ScalarAsync("SELECT COUNT(*) FROM vault_entry WHERE salt IS NOT NULL"));
        Assert.Equal(2, await ingest.ScalarAsync("SELECT COUNT(*) FROM vault_entry WHERE state = 1 AND join_id IS NULL AND id <> " + asked.SubjectId));

        // Whoever sends it again has it again.
        await ingest.SendAsync(Mail("bob"));
        Assert.Equal(2, await ingest.ScalarAsync("SELECT COUNT(*) FROM vault_entry WHERE salt IS NOT NULL"));
        Assert.Equal(2, await ingest.ScalarAsync($"SELECT COUNT(*) FROM vault_holder WHERE subject_id = {bob}"));

        static string Mail(string user) => IngestFixture.Event(user, metadata: $$"""{"email":"{{user}}@example.com"}""");
    }

    [Fact]
    public async Task Key_service_that_does_not_answer_delays_the_erasures_of_its_tenant_alone()
    {
        SwitchedRootKey? root = null;
        await using IngestFixture ingest = new(services =>
        {
            ServiceDescriptor real = services.Last(d => d.ServiceType == typeof(IRootKey));
            services.RemoveAll<IRootKey>();
            services.AddSingleton<IRootKey>(p => root = new SwitchedRootKey((IRootKey)real.ImplementationFactory!(p)));
        });
        await SendAsync(ingest, "ann", "bob");
        await ingest.TickAsync();
        Erasure asked = await ingest.RequestErasureAsync("ann");
        await SendAsync(ingest, "bob");
        await ingest.RestartAsync();
        SwitchedRootKey? before = root;
        _ = ingest.Services.GetRequiredService<IRootKey>();
        Assert.NotSame(before, root);
        root!.Broken = true;
        await ingest.TickAsync();

        // What was on its way is settled, the tick is published, and the erasure waits.
        Assert.Equal(0, await ingest.ScalarAsync("SELECT COUNT(*) FROM inbox"));
        Assert.Equal(ErasureState.Requested, (await FindAsync(ingest, asked)).State);
        Assert.Equal(ingest.Time.Now, ingest.Services.GetRequiredService<PublicClock>().Current.AsOf);
        root.Broken = false;
        await ingest.TickAsync();
        Assert.Equal(ErasureState.Erased, (await FindAsync(ingest, asked)).State);
        Assert.Equal(2, await ingest.CountAsync());
    }

    [Fact]
    public async Task What_is_found_after_one_erasure_keeps_its_receipt_and_no_others()
    {
        await using IngestFixture ingest = new();
        await SendAsync(ingest, "ann", "bob", "cem");
        await ingest.TickAsync();
        Erasure ann = await ingest.RequestErasureAsync("ann");
        Erasure bob = await ingest.RequestErasureAsync("bob");
        IReadOnlyList<Erasure> shredded = await ingest.Shredder.ShredKeysAsync(Cancel);
        await ingest.Shredder.RemoveRowsAsync(shredded, ingest.Time.Now, Cancel);
        await ingest.Control.WriteAsync(
            t => t.Execute($"INSERT INTO vault_reveal (audit_seq, tenant, actor, at, entry_id) VALUES (1000000, 'default', 'a', 1, {ann.SubjectId})"), Cancel);
        await Assert.ThrowsAsync<StorageFailureException>(() => ingest.Shredder.CleanUpAsync(Cancel));
        Assert.Equal((ErasureState.Removed, ErasureState.Erased), ((await FindAsync(ingest, ann)).State, (await FindAsync(ingest, bob)).State));
        await ingest.Control.WriteAsync(t => t.Execute("DELETE FROM vault_reveal WHERE audit_seq = 1000000"), Cancel);

        // Looking again costs the writing of whole tables: not at every tick.
        await Assert.ThrowsAsync<StorageFailureException>(() => ingest.Shredder.CleanUpAsync(Cancel));
        ingest.Time.Now += TimeSpan.FromMinutes(11);
        await ingest.Shredder.CleanUpAsync(Cancel);
        Assert.Equal(ErasureState.Erased, (await FindAsync(ingest, ann)).State);
    }

    private static Task<IngestReceipt> SendAsync(IngestFixture ingest, params string[] users) => ingest.SendAsync($"[{string.Join(',', users.Select(u => IngestFixture.Event(u)))}]");

    private static async Task<Erasure> FindAsync(IngestFixture ingest, Erasure erasure) => (await ingest.Shredder.FindAsync(Tenant.Default, erasure.Name, Cancel))!;

    private static async Task<string?> RevealAsync(IngestFixture ingest, string token) =>
        (await ingest.Reveals.RevealAsync(IngestFixture.Admin, [token], "Support ticket OPS-1234", Cancel))[0].Value;

    private static Task<byte[]> SetKeyAsync(IngestFixture ingest, long subject, byte[] wrapped) => ingest.Control.WriteAsync(
        transaction =>
        {
            byte[] before = (byte[])transaction.Connection.Scalar("SELECT wrapped FROM subject_key WHERE subject_id = @p0", subject)!;
            transaction.Execute("UPDATE subject_key SET wrapped = @p0 WHERE subject_id = @p1", wrapped, subject);
            return before;
        },
        Cancel);
}
