using Opaline.Access;
using Opaline.Audit;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;
using Opaline.Tokenization;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault.Reveal;

public class RevealTests
{
    private const string Reason = "Support ticket OPS-1234";

    private static readonly Caller Admin = new(VaultFixture.Acme, "admin", "it", Role.Admin);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tokens_of_a_person_and_of_a_value_open_to_what_came()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["Ann"], VaultFixture.Email(0, "Ann@Example.com"));
        SubjectToken[] tokens = await TokensAsync(fixture, "Ann");
        Assert.Equal([null, VaultFixture.EmailScope], tokens.Select(t => t.Field));
        IReadOnlyList<RevealedValue> opened = await fixture.Reveals.RevealAsync(Admin, [.. tokens.Select(t => t.Token)], Reason, Cancel);
        Assert.Equal([new(tokens[0].Token, null, "Ann"), new(tokens[1].Token, VaultFixture.EmailScope, "Ann@Example.com")], opened);
    }

    [Fact]
    public async Task Tokens_in_a_declared_format_show_what_it_keeps_are_those_of_the_value_and_open_nothing()
    {
        const string card = "metadata.card";
        await using VaultFixture fixture = new();
        Dictionary<string, TokenFormat> formats = new() { [card] = TokenFormat.DefaultFor(ValueKind.Card) };
        await fixture.StoreAsync(["ann", "bob"], Card(0, "4111111111111111"), Card(1, "4111 1111 1111 1111"), Card(1, "4012888888881881"));
        IReadOnlyList<SubjectToken> ann = await fixture.Reveals.TokensOfAsync(await KnownAsync(fixture, "ann"), formats, Cancel);
        IReadOnlyList<SubjectToken> bob = await fixture.Reveals.TokensOfAsync(await KnownAsync(fixture, "bob"), formats, Cancel);
        Assert.Equal([null, card], ann.Select(t => t.Field));
        Assert.Null(ann[0].Formatted);
        Assert.Matches("^[0-9]{12}1111$", ann[1].Formatted);
        Assert.NotEqual("4111111111111111", ann[1].Formatted);
        Assert.Contains(bob, t => t.Formatted == ann[1].Formatted);
        Assert.Contains(bob, t => t.Formatted is { } other && other.EndsWith("1881", StringComparison.Ordinal));
        Assert.All(await TokensAsync(fixture, "ann"), t => Assert.Null(t.Formatted));
        await Assert.ThrowsAsync<RevealRefusedException>(() => fixture.Reveals.RevealAsync(Admin, [ann[1].Formatted!], Reason, Cancel));

        static VaultValue Card(int subject, string raw) => new(subject, card, TokenKind.Card, raw);
    }

    [Fact]
    public async Task Value_that_does_not_open_is_listed_without_its_format_and_hides_no_other()
    {
        const string card = "metadata.card";
        await using VaultFixture fixture = new();
        Dictionary<string, TokenFormat> formats = new() { [card] = TokenFormat.DefaultFor(ValueKind.Card) };
        await fixture.StoreAsync(["ann"], new(0, card, TokenKind.Card, "4111111111111111"), new VaultValue(0, card, TokenKind.Card, "4012888888881881"));
        await fixture.Store.WriteAsync(
            t => t.Execute("UPDATE vault_holder SET sealed = @p0 WHERE entry_id = (SELECT MAX(entry_id) FROM vault_holder)", new byte[60]), Cancel);
        IReadOnlyList<SubjectToken> tokens = await fixture.Reveals.TokensOfAsync(await KnownAsync(fixture, "ann"), formats, Cancel);
        Assert.Equal(3, tokens.Count);
        Assert.Single(tokens, t => t.Formatted is not null);
    }

    [Fact]
    public async Task Each_value_has_a_record_of_its_own_that_names_the_person_by_opaque_id_and_never_the_value()
    {
        await using VaultFixture fixture = new();
        // Letters that no token has.
        await fixture.StoreAsync(["Xyz-the-Great"], VaultFixture.Email(0, "xyz@example.com"));
        SubjectToken[] tokens = await TokensAsync(fixture, "Xyz-the-Great");
        await fixture.Reveals.RevealAsync(Admin, [tokens[1].Token, tokens[0].Token, tokens[1].Token], Reason, Cancel);
        IReadOnlyList<AuditEntry> log = await LogAsync(fixture);
        Assert.Equal(3, log.Count);
        Assert.All(log, e =>
        {
            Assert.Equal((AuditActions.TokenReveal, "ok", "admin"), (e.Record.Action, e.Record.Outcome, e.Record.Actor));
            Assert.Contains(tokens[0].Token, e.Record.Detail, StringComparison.Ordinal);
            Assert.Contains(Reason, e.Record.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain("xyz", e.Record.ToString(), StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Unknown_erased_and_foreign_tokens_are_answered_recorded_and_charged_alike()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann", "bob"]);
        await fixture.StoreAsync(VaultFixture.Globex, ["eve"]);
        string erased = (await fixture.LookUpAsync("bob"))!;
        await EraseAsync(fixture, erased);
        string foreign = (await fixture.Vault.LookUpSubjectAsync(VaultFixture.Globex, VaultFixture.Scope, "eve", Cancel))!;
        string unknown = "sub1_" + new string('0', 26);
        foreach (string token in (string[])[erased, foreign, unknown, "em1_" + new string('7', 26)])
        {
            long records = (await LogAsync(fixture)).Count;
            long charged = await fixture.CountAsync("vault_reveal");
            RevealedValue answer = Assert.Single(await fixture.Reveals.RevealAsync(Admin, [token], Reason, Cancel));
            Assert.Equal(new RevealedValue(token, null, null), answer);
            IReadOnlyList<AuditEntry> log = await LogAsync(fixture);
            Assert.Equal((records + 1, charged + 1), (log.Count, await fixture.CountAsync("vault_reveal")));
            Assert.Equal(("token/" + token.TrimStart([.. "abcdefghijklmnopqrstuvwxyz"]), "unknown_token", $$"""{"reason":"{{Reason}}"}"""), (log[0].Record.Object, log[0].Record.Outcome, log[0].Record.Detail));
        }
    }

    [Fact]
    public async Task Batch_that_the_quota_does_not_hold_is_refused_whole_and_costs_nothing()
    {
        SteppedTime time = new(new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc));
        await using VaultFixture fixture = new(time: time);
        fixture.RevealLimits.ValuesPerHour = 5;
        await fixture.StoreAsync(["ann"]);
        string token = (await fixture.LookUpAsync("ann"))!;
        await fixture.Reveals.RevealAsync(Admin, [token, token, token], Reason, Cancel);
        time.Advance(TimeSpan.FromMinutes(30));
        RevealRefusedException refused = await Assert.ThrowsAsync<RevealRefusedException>(
            () => fixture.Reveals.RevealAsync(Admin, [token, token, token], Reason, Cancel));
        Assert.Equal(RevealRefusedException.QuotaExhausted, refused.Code);
        Assert.Contains("13:00:00", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, await fixture.CountAsync("vault_reveal"));
        Assert.Equal(3, (await LogAsync(fixture)).Count);
        await fixture.Reveals.RevealAsync(Admin, [token, token], Reason, Cancel);

        // Another caller has a quota of its own; a restart gives nothing back; the hour does.
        await fixture.Reveals.RevealAsync(Admin with { Id = "other" }, [token], Reason, Cancel);
        await fixture.RestartAsync();
        await Assert.ThrowsAsync<RevealRefusedException>(() => fixture.Reveals.RevealAsync(Admin, [token], Reason, Cancel));
        time.Advance(TimeSpan.FromMinutes(30));
        await fixture.Reveals.RevealAsync(Admin, [token, token, token], Reason, Cancel);
        await Assert.ThrowsAsync<RevealRefusedException>(() => fixture.Reveals.RevealAsync(Admin, [token], Reason, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("too few")]
    [InlineData("         short          ")]
    [InlineData("two\nlines of it")]
    public async Task Reason_is_required(string reason)
    {
        await using VaultFixture fixture = new();
        RevealRefusedException refused = await Assert.ThrowsAsync<RevealRefusedException>(
            () => fixture.Reveals.RevealAsync(Admin, ["sub1_" + new string('0', 26)], reason, Cancel));
        Assert.Equal((RevealRefusedException.InvalidReason, "reason"), (refused.Code, refused.Path));
        await Assert.ThrowsAsync<RevealRefusedException>(
            () => fixture.Reveals.RevealAsync(Admin, ["sub1_" + new string('0', 26)], new string('x', RevealOptions.LongestReason + 1), Cancel));
        Assert.Equal(0, await fixture.CountAsync("vault_reveal"));
    }

    [Fact]
    public async Task What_several_have_was_seen_of_each_and_what_one_has_of_nobody_else()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann", "bob", "eve"], VaultFixture.Email(0, "family@example.com"), VaultFixture.Email(1, "family@example.com"));
        string email = (await TokensAsync(fixture, "ann"))[1].Token;
        await fixture.Reveals.RevealAsync(Admin, [email], Reason, Cancel);
        await fixture.Reveals.RevealAsync(Admin, [(await fixture.LookUpAsync("bob"))!], Reason, Cancel);
        Assert.Equal([VaultFixture.EmailScope], (await SeenAsync(fixture, "ann")).Select(r => r.Field));
        Assert.Equal([null, VaultFixture.EmailScope], (await SeenAsync(fixture, "bob")).Select(r => r.Field));
        Assert.Empty(await SeenAsync(fixture, "eve"));

        IReadOnlyList<SubjectReveal> seen = await SeenAsync(fixture, "bob");
        IReadOnlyDictionary<long, AuditEntry> log = await fixture.Audit.ReadAsync(VaultFixture.Acme, [.. seen.Select(r => r.AuditSequence)], Cancel);
        Assert.Equal(2, log.Count);
        Assert.Empty(await fixture.Audit.ReadAsync(VaultFixture.Globex, [.. seen.Select(r => r.AuditSequence)], Cancel));
    }

    [Fact]
    public async Task Opened_person_opens_its_rows_and_nobody_elses_and_the_export_is_recorded_first()
    {
        await using VaultFixture fixture = new();
        byte[] own;
        byte[] others;
        using (VaultBatch batch = await fixture.ResolveAsync(["ann", "bob"], VaultFixture.Email(0, "ann@example.com")))
        {
            own = batch.Seal(0, "mine"u8, "row"u8);
            others = batch.Seal(1, "his"u8, "row"u8);
            await fixture.SaveAsync(batch);
        }

        KnownSubject ann = await KnownAsync(fixture, "ann");
        using (OpenedSubject opened = (await fixture.Reveals.OpenSubjectAsync(Admin, ann, Reason, Cancel))!)
        {
            Assert.Equal("ann", opened.Identifier);
            Assert.Equal([(null, "ann"), (VaultFixture.EmailScope, "ann@example.com")], opened.Values.Values.OrderBy(v => v.Field, StringComparer.Ordinal));
            Assert.Equal("mine"u8, opened.OpenRow(own, "row"u8));
            Assert.Throws<KeyManagement.KeyUnavailableException>(() => opened.OpenRow(others, "row"u8));
        }

        AuditRecord record = Assert.Single(await LogAsync(fixture)).Record;
        Assert.Equal((AuditActions.SubjectExport, "subject/" + ann.Token), (record.Action, record.Object));
        Assert.Null(Assert.Single(await SeenAsync(fixture, "ann")).Field);
        await EraseAsync(fixture, ann.Token);
        Assert.Null(await fixture.Reveals.OpenSubjectAsync(Admin, ann, Reason, Cancel));
    }

    [Fact]
    public async Task Value_that_does_not_open_is_answered_like_one_of_nobody_and_takes_nothing_from_the_batch()
    {
        await using VaultFixture fixture = new();
        (long[] ids, _) = await fixture.StoreAsync(["ann", "bob"]);
        string[] tokens = [(await fixture.LookUpAsync("ann"))!, (await fixture.LookUpAsync("bob"))!];
        await fixture.Store.WriteAsync(t => t.Execute($"UPDATE vault_holder SET sealed = @p0 WHERE entry_id = {ids[0]}", new byte[40]), Cancel);
        IReadOnlyList<RevealedValue> answer = await fixture.Reveals.RevealAsync(Admin, tokens, Reason, Cancel);
        Assert.Equal([new RevealedValue(tokens[0], null, null), new RevealedValue(tokens[1], null, "bob")], answer);
        Assert.Equal(["ok", "unopenable_token"], (await LogAsync(fixture)).Select(e => e.Record.Outcome));
        Assert.Equal(2, await fixture.CountAsync("vault_reveal"));
        await fixture.Store.WriteAsync(t => t.Execute($"UPDATE subject_key SET wrapped = @p0 WHERE subject_id = {ids[0]}", new byte[60]), Cancel);
        Assert.Null(Assert.Single(await fixture.Reveals.RevealAsync(Admin, tokens[..1], Reason, Cancel)).Value);
    }

    [Fact]
    public async Task What_one_person_holds_is_found_without_walking_through_what_others_do()
    {
        Assert.SkipWhen(Engines.OnPostgres, "PostgreSQL has statistics to choose by, and says so in another way.");
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann", "bob"]);
        List<string> steps = await fixture.Store.ReadAsync(
            connection =>
            {
                using System.Data.Common.DbCommand command = connection.Command("EXPLAIN QUERY PLAN " + RevealTable.HeldQuery, 1L, "acme");
                using System.Data.Common.DbDataReader reader = command.ExecuteReader();
                List<string> found = [];
                while (reader.Read())
                    found.Add(reader.GetString(3));
                return found;
            },
            Cancel);
        Assert.Contains(steps, s => s.StartsWith("SEARCH h USING PRIMARY KEY (subject_id=?", StringComparison.Ordinal));
        Assert.DoesNotContain(steps, s => s.StartsWith("SCAN", StringComparison.Ordinal) || s.Contains("tenant", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_has_of_a_token_what_its_key_vouches_for()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann"]);
        string token = (await fixture.LookUpAsync("ann"))!;
        string dressed = "cc" + token["sub".Length..];
        Assert.Equal("ann", Assert.Single(await fixture.Reveals.RevealAsync(Admin, [dressed], Reason, Cancel)).Value);
        Assert.Equal("token/" + token["sub".Length..], Assert.Single(await LogAsync(fixture)).Record.Object);
        Assert.Null(await fixture.Vault.FindSubjectAsync(VaultFixture.Acme, dressed, Cancel));
    }

    [Fact]
    public async Task Scopes_are_found_however_many_entries_they_have()
    {
        await using VaultFixture fixture = new();
        VaultValue[] values = [.. Enumerable.Range(0, 40).Select(i => new VaultValue(0, $"metadata.f{i % 7}", TokenKind.Text, $"value {i}"))];
        await fixture.StoreAsync(["ann"], values);
        await fixture.StoreAsync(VaultFixture.Globex, ["eve"], VaultFixture.Email(0, "eve@example.com"));
        List<string> scopes = await fixture.Store.ReadAsync(c => ScopeTable.Read(c, "acme").ConvertAll(s => s.StoredScope), Cancel);
        Assert.Equal([.. Enumerable.Range(0, 7).Select(i => $"field:metadata.f{i}"), "subject:subject"], scopes);
        Assert.Empty(await fixture.Store.ReadAsync(c => ScopeTable.Read(c, "nobody"), Cancel));
    }

    private static async Task<KnownSubject> KnownAsync(VaultFixture fixture, string raw) =>
        (await fixture.Vault.FindSubjectAsync(VaultFixture.Acme, (await fixture.LookUpAsync(raw))!, Cancel))!;

    private static async Task<SubjectToken[]> TokensAsync(VaultFixture fixture, string raw) =>
        [.. await fixture.Reveals.TokensOfAsync(await KnownAsync(fixture, raw), VaultFixture.NoFormats, Cancel)];

    private static async Task<IReadOnlyList<SubjectReveal>> SeenAsync(VaultFixture fixture, string raw) =>
        await fixture.Reveals.RevealsOfAsync(await KnownAsync(fixture, raw), Cancel);

    private static async Task<IReadOnlyList<AuditEntry>> LogAsync(VaultFixture fixture) =>
        (await fixture.Audit.SearchAsync(new AuditFilter(VaultFixture.Acme, Limit: 1_000), Cancel)).Entries;

    private static async Task EraseAsync(VaultFixture fixture, string token)
    {
        KnownSubject subject = (await fixture.Vault.FindSubjectAsync(VaultFixture.Acme, token, Cancel))!;
        long page = await fixture.Store.ReadAsync(c => KeyTable.PagesOf(c, [subject.Id]).Single().Key, Cancel);
        await fixture.Vault.EraseAsync(VaultFixture.Acme, page, [subject.Id], _ => { });
        Assert.Null(await fixture.Vault.FindSubjectAsync(VaultFixture.Acme, token, Cancel));
    }
}
