using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Opaline.Access;
using Opaline.Audit;
using Opaline.KeyManagement;
using Opaline.Storage;
using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>
/// Opens tokens for those who may, and tells people who did. A value leaves only after its record is durable. A token that is unknown, erased or another tenant's
/// costs the same quota, record, statements and work as one that opens. So does one whose key is damaged or was destroyed, which only the log tells apart.
/// </summary>
public sealed class RevealService(IControlStore store, Vault vault, AuditLog audit, TimeProvider time, IOptions<RevealOptions> options)
{
    private const string UnknownToken = "unknown_token";
    private const string UnopenableToken = "unopenable_token";
    private const int MostReveals = 1_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly RevealOptions _options = options.Value;

    /// <summary>Opens a batch of tokens, all or none of which are charged to the caller's quota.</summary>
    /// <param name="caller">Who asks; whether it may is decided before.</param>
    /// <param name="tokens">1 to <see cref="RevealOptions.MaxBatch"/> display tokens; may repeat, each is charged.</param>
    /// <param name="reason">Why, for the log: <see cref="RevealOptions.ShortestReason"/> to <see cref="RevealOptions.LongestReason"/> characters.</param>
    /// <param name="cancellationToken">Gives up, until the records are written.</param>
    /// <returns>One value per token, in their order.</returns>
    /// <exception cref="RevealRefusedException">The request is not one, or the quota does not hold it.</exception>
    public async Task<IReadOnlyList<RevealedValue>> RevealAsync(
        Caller caller, IReadOnlyList<string> tokens, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(tokens);
        string why = CheckReason(reason);
        DisplayToken[] parsed = Parse(tokens);
        TenantRing ring = await vault.RingAsync(caller.Tenant, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        long[] entries = await EntriesAsync(caller, ring, parsed, cancellationToken);

        // Found and recorded in one transaction: what is erased before it is not revealed, and what is revealed was not erased before its record.
        return await store.WriteAsync(
            transaction =>
            {
                Charge(transaction, caller, tokens.Count, now);
                RevealedValue[] revealed = new RevealedValue[entries.Length];
                for (int i = 0; i < entries.Length; i++)
                {
                    HeldValue? found = RevealTable.Find(transaction, caller.Tenant.Value, entries[i]);
                    string? opened = Open(ring, found ?? ring.Decoy);
                    revealed[i] = found is null || opened is null ? new RevealedValue(tokens[i], null, null) : new RevealedValue(tokens[i], Field(found.Scope), opened);
                    Record(transaction, ring, caller, parsed[i], opened is null ? null : found, found is null ? UnknownToken : UnopenableToken, why, now);
                }

                return revealed;
            },
            cancellationToken);
    }

    /// <summary>Records that everything about a person is about to be given out, charged as one value, and then opens what the person has.</summary>
    /// <returns>What the person has; null if the person was erased meanwhile. The caller disposes of it.</returns>
    /// <exception cref="RevealRefusedException">The reason is none, or the quota is used up.</exception>
    public async Task<OpenedSubject?> OpenSubjectAsync(Caller caller, KnownSubject subject, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(subject);
        string why = CheckReason(reason);
        DateTimeOffset now = time.GetUtcNow();
        TenantRing ring = await vault.RingAsync(caller.Tenant, cancellationToken);
        bool live = await store.WriteAsync(
            transaction =>
            {
                // Who was erased meanwhile must not be written down again.
                if (!EntryTable.IsLive(transaction.Connection, caller.Tenant.Value, subject.Id))
                    return false;
                Charge(transaction, caller, 1, now);
                long sequence = audit.Append(transaction, CallerRecord.Of(
                    caller, AuditActions.SubjectExport, "subject/" + subject.Token, "ok", JsonSerializer.Serialize(new { subject_id = subject.Token, reason = why })));
                RevealTable.Insert(transaction, sequence, caller.Tenant.Value, caller.Id, UnixMicros.From(now.UtcDateTime), subject.Id);
                return true;
            },
            cancellationToken);
        if (!live)
            return null;
        List<HeldValue> held = await store.ReadAsync(connection => RevealTable.HeldBy(connection, subject.Tenant.Value, subject.Id), cancellationToken);
        return held.Count == 0 ? null : new OpenedSubject(ring, held);
    }

    /// <summary>Whether the person has not been erased since; asked after each reading of what is given out, so that an export does not outlive its person.</summary>
    public Task<bool> IsLiveAsync(KnownSubject subject, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return store.ReadAsync(connection => EntryTable.IsLive(connection, subject.Tenant.Value, subject.Id), cancellationToken);
    }

    /// <summary>Who saw a value that the person has, newest first, at most 1,000. A value that several people have was seen of each of them.</summary>
    public async Task<IReadOnlyList<SubjectReveal>> RevealsOfAsync(KnownSubject subject, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        List<(long AuditSequence, long Entry, string Scope)> found = await store.ReadAsync(
            connection => RevealTable.Of(connection, subject.Tenant.Value, subject.Id, MostReveals), cancellationToken);
        return [.. found.Select(f => new SubjectReveal(f.AuditSequence, Field(f.Scope)))];
    }

    /// <summary>
    /// The tokens of what the person has, itself first. Those in a field's format are made under the value's own salt and the primary version of the keys: they
    /// are the same for all who have the value, and gone with it.
    /// </summary>
    /// <param name="subject">The person.</param>
    /// <param name="formats">Declared formats by field.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<SubjectToken>> TokensOfAsync(
        KnownSubject subject, IReadOnlyDictionary<string, TokenFormat> formats, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(formats);
        TenantRing ring = await vault.RingAsync(subject.Tenant, cancellationToken);
        List<HeldValue> held = await store.ReadAsync(connection => RevealTable.HeldBy(connection, subject.Tenant.Value, subject.Id), cancellationToken);
        return [.. held.Select(h => new SubjectToken(Field(h.Scope), ring.DisplayToken(h.Scope, KindOf(h.Scope), h.EntryId), Formatted(h)))];

        string? Formatted(HeldValue value)
        {
            if (value.Salt is not { } salt || Field(value.Scope) is not { } field || !formats.TryGetValue(field, out TokenFormat? format))
                return null;
            try
            {
                using OpenedSubject opened = new(ring, [value]);
                using ITokenizer tokenizer = format.CreateTokenizer(ring.FieldKeys(value.Scope).WithSalt(salt));
                return tokenizer.Canonical(opened.Values[value.EntryId].Value) is { } canonical ? tokenizer.Tokenize(canonical) : null;
            }
            catch (KeyUnavailableException)
            {
                // One value that does not open hides no other: its token is listed all the same, and opening it says what is wrong.
                return null;
            }
        }
    }

    /// <summary>The reason without the blanks around it, if it has the length and the characters of one.</summary>
    /// <exception cref="RevealRefusedException">It has not.</exception>
    public static string CheckReason(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        string why = reason.Trim();
        return why.Length is >= RevealOptions.ShortestReason and <= RevealOptions.LongestReason && !why.Any(char.IsControl)
            ? why
            : throw new RevealRefusedException(
                RevealRefusedException.InvalidReason,
                $"Give a reason of {RevealOptions.ShortestReason} to {RevealOptions.LongestReason} characters in one line, such as the number of a ticket.",
                "reason");
    }

    /// <summary>The field of a stored scope; null if it is one of subjects.</summary>
    internal static string? Field(string storedScope) => StoredScope.IsOfSubjects(storedScope) ? null : StoredScope.Name(storedScope);

    private Task<long[]> EntriesAsync(
        Caller caller, TenantRing ring, DisplayToken[] tokens, CancellationToken cancellationToken) => store.ReadAsync(
        connection =>
        {
            using TokenOpener opener = new(ring, ScopeTable.Read(connection, caller.Tenant.Value).Select(s => s.StoredScope));
            return Array.ConvertAll(tokens, t => opener.Open(t).Id);
        },
        cancellationToken);

    private DisplayToken[] Parse(IReadOnlyList<string> tokens)
    {
        if (tokens.Count == 0 || tokens.Count > _options.MaxBatch)
            throw new RevealRefusedException(RevealRefusedException.InvalidBatch, $"Give 1 to {_options.MaxBatch} tokens.", "tokens");
        DisplayToken[] parsed = new DisplayToken[tokens.Count];
        for (int i = 0; i < parsed.Length; i++)
        {
            if (!DisplayToken.TryParse(tokens[i], out parsed[i]))
            {
                throw new RevealRefusedException(
                    RevealRefusedException.InvalidToken,
                    "A token has a prefix, a version, an underscore and 26 digits, such as sub3_0123456789abcdefghijklmnop.",
                    string.Create(CultureInfo.InvariantCulture, $"tokens[{i}]"));
            }
        }

        return parsed;
    }

    private void Charge(ControlTransaction transaction, Caller caller, int values, DateTimeOffset now)
    {
        (long used, long first) = RevealTable.CountSince(transaction, caller.Tenant.Value, caller.Id, UnixMicros.From((now - Hour).UtcDateTime));
        if (used + values <= _options.ValuesPerHour)
            return;
        DateTime more = used == 0 ? now.UtcDateTime : UnixMicros.ToDateTime(first) + Hour;
        throw new RevealRefusedException(
            RevealRefusedException.QuotaExhausted,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{values} values are asked for and {Math.Max(0, _options.ValuesPerHour - used)} of the {_options.ValuesPerHour} of an hour are left; the next is free at {more:u}. Nothing was revealed."));
    }

    private void Record(
        ControlTransaction transaction, TenantRing ring, Caller caller, in DisplayToken token, HeldValue? value, string refusal, string reason, DateTimeOffset now)
    {
        // The same work for a token of nobody.
        HeldValue shown = value ?? ring.Decoy;
        string subject = ring.DisplayToken(shown.SubjectScope, TokenKind.Identifier, shown.SubjectId);
        // The prefix of a token is not part of what its key vouches for: the log has version and code alone.
        string asked = "token/" + token.Canonical;
        AuditRecord record = value is null
            ? CallerRecord.Of(caller, AuditActions.TokenReveal, asked, refusal, JsonSerializer.Serialize(new { reason }))
            : CallerRecord.Of(
                caller, AuditActions.TokenReveal, asked, "ok", JsonSerializer.Serialize(new { subject_id = subject, field = Field(shown.Scope), reason }));
        long sequence = audit.Append(transaction, record);
        RevealTable.Insert(transaction, sequence, caller.Tenant.Value, caller.Id, UnixMicros.From(now.UtcDateTime), value?.EntryId ?? 0);
    }

    // Null if what it takes is damaged or gone: one such value takes nothing from the rest of a batch.
    private static string? Open(TenantRing ring, HeldValue value)
    {
        try
        {
            return ring.Open(value);
        }
        catch (Exception fault) when (fault is CryptographicException or KeyUnavailableException { Failure: KeyFailure.DoesNotOpen or KeyFailure.Malformed or KeyFailure.NotThere or KeyFailure.Disabled or KeyFailure.Destroyed })
        {
            return null;
        }
    }

    // The kind decides the prefix alone, and an entry does not remember it.
    private static TokenKind KindOf(string storedScope) => StoredScope.IsOfSubjects(storedScope) ? TokenKind.Identifier : TokenKind.Text;
}
