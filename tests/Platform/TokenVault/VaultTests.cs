using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Opaline.KeyManagement;
using Opaline.Storage;
using Opaline.Tokenization;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault;

public class VaultTests
{
    private static readonly byte[] EventKey = "an event key"u8.ToArray();

    [Fact]
    public async Task Same_value_has_the_same_id_in_every_batch_and_another_value_another()
    {
        await using VaultFixture fixture = new();
        (long[] first, long[] firstEmails) = await fixture.StoreAsync(
            ["ann", "bob", "ann"], VaultFixture.Email(0, "A@Example.com"), VaultFixture.Email(1, "b@example.com"));
        (long[] second, long[] secondEmails) = await fixture.StoreAsync(["bob", "ann"], VaultFixture.Email(0, "a@example.com"));

        Assert.Equal(first[0], first[2]);
        Assert.NotEqual(first[0], first[1]);
        Assert.Equal((first[1], first[0]), (second[0], second[1]));
        Assert.NotEqual(firstEmails[0], firstEmails[1]);
        Assert.Equal(firstEmails[0], secondEmails[0]);
    }

    [Fact]
    public async Task Spellings_of_one_address_are_one_person()
    {
        await using VaultFixture fixture = new();
        (long[] ids, _) = await fixture.StoreAsync(["user@example.com", " User@EXAMPLE.com", "user+x@example.com"]);
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public async Task Scopes_and_subjects_share_no_entry()
    {
        await using VaultFixture fixture = new();
        (long[] subjects, long[] entries) = await fixture.StoreAsync(
            ["x@example.com"],
            new VaultValue(0, "metadata.a", TokenKind.Email, "x@example.com"),
            new VaultValue(0, "metadata.b", TokenKind.Email, "x@example.com"),
            new VaultValue(0, VaultFixture.Scope, TokenKind.Identifier, "x@example.com"),
            new VaultValue(0, "subject:" + VaultFixture.Scope, TokenKind.Identifier, "x@example.com"));
        Assert.Equal(5, subjects.Concat(entries).Distinct().Count());
    }

    [Fact]
    public async Task Two_people_with_one_address_share_the_entry_and_hold_it_each_under_their_own_key()
    {
        await using VaultFixture fixture = new();
        (long[] subjects, long[] entries) = await fixture.StoreAsync(
            ["ann", "bob"], VaultFixture.Email(0, "Family@example.com"), VaultFixture.Email(1, "family@example.com"));
        Assert.Equal(entries[0], entries[1]);
        Assert.Equal("Family@example.com", await fixture.OpenHolderAsync(VaultFixture.Acme, entries[0], subjects[0]));
        Assert.Equal("family@example.com", await fixture.OpenHolderAsync(VaultFixture.Acme, entries[0], subjects[1]));
        Assert.Equal("ann", await fixture.OpenHolderAsync(VaultFixture.Acme, subjects[0], subjects[0]));

        // Entries: two people and one address. Holders: each person of itself, and each of the address.
        Assert.Equal(3, await fixture.CountAsync("vault_entry"));
        Assert.Equal(4, await fixture.CountAsync("vault_holder"));
    }

    [Fact]
    public async Task Tenants_share_no_ids_join_ids_or_digests()
    {
        await using VaultFixture fixture = new();
        (long[] acme, _) = await fixture.StoreAsync(VaultFixture.Acme, ["ann"]);
        (long[] globex, _) = await fixture.StoreAsync(VaultFixture.Globex, ["ann"]);
        Assert.NotEqual(acme[0], globex[0]);
        List<byte[]> joinIds = await fixture.Store.ReadAsync(
            connection =>
            {
                List<byte[]> read = [];
                using DbCommand command = connection.Command("SELECT join_id FROM vault_entry");
                using DbDataReader reader = command.ExecuteReader();
                while (reader.Read())
                    read.Add(reader.GetFieldValue<byte[]>(0));
                return read;
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(2, joinIds.Count);
        Assert.NotEqual(joinIds[0], joinIds[1]);

        using VaultBatch one = await fixture.ResolveAsync(VaultFixture.Acme, ["ann"]);
        using VaultBatch other = await fixture.ResolveAsync(VaultFixture.Globex, ["ann"]);
        Assert.NotEqual(Digest(one, "same"u8), Digest(other, "same"u8));
    }

    [Fact]
    public async Task Digest_is_the_same_in_every_batch_and_after_a_restart()
    {
        await using VaultFixture fixture = new();
        byte[] before;
        using (VaultBatch batch = await fixture.ResolveAsync(["ann"]))
        {
            before = Digest(batch, "message"u8);
            Assert.NotEqual(before, Digest(batch, "massage"u8));
            Assert.NotEqual(before, SHA256.HashData("message"u8));
        }
        await fixture.RestartAsync();
        using VaultBatch again = await fixture.ResolveAsync([]);
        Assert.Equal(before, Digest(again, "message"u8));
    }

    [Fact]
    public async Task Restart_keeps_ids_and_opens_what_was_sealed()
    {
        await using VaultFixture fixture = new();
        byte[] box;
        long subject;
        using (VaultBatch batch = await fixture.ResolveAsync(["ann"]))
        {
            box = batch.Seal(0, "a secret"u8, EventKey);
            subject = batch.SubjectId(0);
            await fixture.SaveAsync(batch);
        }
        await fixture.RestartAsync();
        Assert.Equal("a secret", await fixture.OpenRowAsync(VaultFixture.Acme, subject, box, EventKey));

        using VaultBatch later = await fixture.ResolveAsync(["ann", "bob"]);
        Assert.Equal(subject, later.SubjectId(0));
        Assert.True(later.SubjectId(1) > subject);
        // The key came back from the tables: what is sealed now opens by the same key.
        byte[] laterBox = later.Seal(0, "another"u8, EventKey);
        Assert.Equal("another", await fixture.OpenRowAsync(VaultFixture.Acme, subject, laterBox, EventKey));
    }

    [Fact]
    public async Task Sealed_row_opens_for_its_subject_and_event_only()
    {
        await using VaultFixture fixture = new();
        using VaultBatch batch = await fixture.ResolveAsync(["ann", "bob"]);
        byte[] box = batch.Seal(0, "a secret"u8, EventKey);
        await fixture.SaveAsync(batch);
        await Assert.ThrowsAnyAsync<CryptographicException>(
            () => fixture.OpenRowAsync(VaultFixture.Acme, batch.SubjectId(0), box, "another event"u8.ToArray()));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => fixture.OpenRowAsync(VaultFixture.Acme, batch.SubjectId(1), box, EventKey));
    }

    [Fact]
    public async Task Lost_root_key_refuses_instead_of_starting_anew()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"]);
        await fixture.RestartAsync(keepRootKey: false);
        await Assert.ThrowsAsync<KeyUnavailableException>(() => fixture.ResolveAsync(["ann"]));
        Assert.Equal(1, await fixture.CountAsync("tenant_key"));
    }

    [Fact]
    public async Task Lookup_gives_an_opaque_id_for_known_people_only_and_stores_nothing()
    {
        await using VaultFixture fixture = new();
        Assert.Null(await fixture.LookUpAsync("ann"));
        await fixture.StoreAsync(["ann", "bob"]);
        string? ann = await fixture.LookUpAsync(" ann ");
        Assert.Matches("^sub[0-9]+_[0-9a-v]{26}$", ann);
        Assert.Equal(ann, await fixture.LookUpAsync("ann"));
        Assert.NotEqual(ann, await fixture.LookUpAsync("bob"));
        Assert.Null(await fixture.LookUpAsync("nobody"));
        Assert.Equal(2, await fixture.CountAsync("vault_entry"));
    }

    [Fact]
    public async Task Lookup_does_not_know_what_no_transaction_has_committed()
    {
        await using VaultFixture fixture = new();
        using VaultBatch batch = await fixture.ResolveAsync(["ann"]);
        Assert.Null(await fixture.LookUpAsync("ann"));
        await fixture.SaveAsync(batch);
        Assert.NotNull(await fixture.LookUpAsync("ann"));
    }

    [Fact]
    public async Task Nothing_raw_reaches_the_files()
    {
        await using VaultFixture fixture = new();
        string[] planted = ["Zebulon-Quackenbush-77", "zebulon.quackenbush@example.com", "+14155552671", "GB29NWBK60161331926819"];
        using (VaultBatch batch = await fixture.ResolveAsync(
            [planted[0]],
            VaultFixture.Email(0, planted[1]),
            new VaultValue(0, "metadata.phone", TokenKind.Phone, planted[2]),
            new VaultValue(0, "metadata.iban", TokenKind.Iban, planted[3])))
        {
            await fixture.SaveAsync(batch);
        }
        foreach (string canary in planted)
            Assert.False(Holds(fixture.DataFolder, canary), "A raw value is in the files.");

        // The search finds what is there: a planted leak.
        await fixture.Store.WriteAsync(
            transaction => transaction.Execute("INSERT INTO vault_scope (tenant, name) VALUES (@p0, @p1)", "acme", planted[0]),
            TestContext.Current.CancellationToken);
        Assert.True(Holds(fixture.DataFolder, planted[0]));
    }

    [Fact]
    public async Task Values_index_outside_the_subjects_is_refused()
    {
        await using VaultFixture fixture = new();
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.ResolveAsync(["ann"], VaultFixture.Email(1, "x@example.com")));
        Assert.Equal(0, fixture.Vault.PendingCount);
    }

    [Fact]
    public async Task Disposed_batch_seals_and_saves_nothing()
    {
        await using VaultFixture fixture = new();
        VaultBatch batch = await fixture.ResolveAsync(["ann"]);
        batch.Dispose();
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch.Seal(0, "x"u8, EventKey));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => fixture.SaveAsync(batch));
    }

    private static byte[] Digest(VaultBatch batch, ReadOnlySpan<byte> message)
    {
        byte[] digest = new byte[32];
        batch.Digest(message, digest);
        return digest;
    }

    /// <summary>SQLite does not compress, so raw text would stand in the database or its log as it is, in UTF-8 or UTF-16.</summary>
    private static bool Holds(string folder, string text)
    {
        string wide = Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(text));
        string[] files = Directory.GetFiles(folder, "control.db*");
        Assert.Contains(files, f => f.EndsWith("-wal", StringComparison.Ordinal));
        foreach (string file in files)
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string content = Encoding.Latin1.GetString(bytes);
            if (content.Contains(text, StringComparison.OrdinalIgnoreCase) || content.Contains(wide, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
