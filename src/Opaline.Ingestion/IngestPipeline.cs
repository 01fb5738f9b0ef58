using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Ingestion;

/// <summary>
/// Layer 1: what a batch goes through before anything of it is stored. When <see cref="IngestAsync"/> returns, the accepted events are durable.
/// Reading, detection, treatment and sealing happen outside the writer; the transaction only inserts.
/// </summary>
public sealed class IngestPipeline
{
    private const int LongestIdempotencyKey = 255;
    private const int LongestSource = 128;

    private readonly IControlStore _control;
    private readonly IEventIntake _intake;
    private readonly Vault _vault;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;
    private readonly IngestOptions _options;
    private readonly DatasetPlans _plans;
    private readonly FieldDiscovery _discovery;
    private readonly SettlingQueue _queue;
    private readonly SettlingHealth _health;

    internal IngestPipeline(
        IControlStore control,
        IEventIntake intake,
        Vault vault,
        AuditLog audit,
        TimeProvider time,
        IOptions<IngestOptions> options,
        DatasetPlans plans,
        FieldDiscovery discovery,
        SettlingQueue queue,
        SettlingHealth health)
    {
        (_control, _intake, _vault, _audit, _time, _options) = (control, intake, vault, audit, time, options.Value);
        (_plans, _discovery, _queue, _health) = (plans, discovery, queue, health);
    }

    /// <summary>Validates, protects and stores the events of a batch.</summary>
    /// <exception cref="IngestRefusedException">Nothing of the batch was stored.</exception>
    /// <exception cref="StorageFailureException">The store could not write, or rows no longer reach the event store; nothing of the batch was stored.</exception>
    public async Task<IngestReceipt> IngestAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        CheckRequest(batch);
        DatasetPlan plan = _plans.For(batch.Dataset);
        BatchPaths paths = new(plan.Paths);
        ParsedBatch parsed = Parse(batch, plan, paths);
        IngestReceipt receipt = new(parsed.Events.Count, parsed.Rejected, parsed.Errors);
        if (receipt.Accepted == 0 && receipt.Rejected > 0)
            throw Refuse(parsed);
        await WaitForRoomAsync(cancellationToken);
        if (receipt.Accepted == 0)
            await _audit.WriteAsync(Record(batch, receipt), cancellationToken);
        else
            await StoreAsync(batch, plan, paths, parsed, receipt, cancellationToken);
        return receipt;
    }

    private static IngestRefusedException Refuse(ParsedBatch parsed)
    {
        EventError first = parsed.Errors[0];
        return new IngestRefusedException(
            parsed.Malformed == parsed.Rejected ? IngestRefusals.MalformedJson : IngestRefusals.InvalidEvents,
            $"No event of the body is valid. The first fault: {first.Path} {first.Reason}. Nothing was stored.",
            first.Path,
            parsed.Errors,
            parsed.Rejected);
    }

    private static AuditRecord Record(IngestBatch batch, IngestReceipt receipt) => CallerRecord.Of(
        batch.Caller,
        AuditActions.DataIngest,
        "dataset/" + batch.Dataset.Name,
        "ok",
        string.Create(CultureInfo.InvariantCulture, $$"""{"accepted":{{receipt.Accepted}},"rejected":{{receipt.Rejected}}}"""));

    private void CheckRequest(IngestBatch batch)
    {
        if (batch.Body.Length > _options.MaxBodyBytes)
        {
            throw new IngestRefusedException(
                IngestRefusals.BodyTooLarge, $"A body has at most {_options.MaxBodyBytes} bytes. Nothing of it was stored; send smaller batches.");
        }

        if (batch.IdempotencyKey is { } key && (key.Length is 0 or > LongestIdempotencyKey || key.Any(c => c is < ' ' or > '~')))
        {
            throw new IngestRefusedException(
                IngestRefusals.InvalidIdempotencyKey, $"An Idempotency-Key has 1 to {LongestIdempotencyKey} printable ASCII characters.");
        }

        if (batch.Source is { } source && (source.Length is 0 or > LongestSource || source.Any(c => c is <= ' ' or > '~')))
        {
            throw new IngestRefusedException(
                IngestRefusals.InvalidSource, $"A source has 1 to {LongestSource} visible ASCII characters, without blanks.");
        }
    }

    private ParsedBatch Parse(IngestBatch batch, DatasetPlan plan, BatchPaths paths)
    {
        DateTime latest = _time.GetUtcNow().UtcDateTime + _options.FutureSkew;
        BatchRules rules = new(_options, plan.Dataset.PublicRange, latest, plan.LocalZone, plan.Required);
        return new BatchReader(rules, paths).Read(batch.Body.Span, batch.Format);
    }

    // Durable rows that nobody can see yet are a debt: a client waits here rather than let it grow, and gets no 202 once settling has stopped.
    private async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = _queue.NextSettledAsync();
            if (_health.Failure is not null)
                throw new StorageFailureException("Rows no longer reach the event store; nothing of the batch was stored. Restart the server, and see its log.");
            if (_queue.Rows < _options.MaxUnsettledRows)
                return;
            await next.WaitAsync(cancellationToken);
        }
    }

    private async Task StoreAsync(
        IngestBatch batch, DatasetPlan plan, BatchPaths paths, ParsedBatch parsed, IngestReceipt receipt, CancellationToken cancellationToken)
    {
        FieldTreatment[] treatments = await _discovery.TreatmentsAsync(batch.Caller, plan, paths, parsed, batch.Body, cancellationToken);
        while (true)
        {
            try
            {
                if (await StoreAsync(batch, new BatchProtection(batch, parsed, treatments), receipt, cancellationToken) is not { } erased)
                    return;
                // Repetitions of events of people who were erased since: acknowledged like any other, and nobody comes back by them.
                parsed.Forget(erased);
            }
            catch (VaultChangedException)
            {
                // Somebody was erased meanwhile, perhaps one of these: who comes back is new.
            }
        }
    }

    // The places of events that were erased since they came first, in which case nothing was stored; null if the rest was.
    private async Task<HashSet<int>?> StoreAsync(IngestBatch batch, BatchProtection protection, IngestReceipt receipt, CancellationToken cancellationToken)
    {
        using VaultBatch resolved = await _vault.ResolveAsync(
            batch.Caller.Tenant, batch.Dataset.SubjectScope, protection.Subjects, protection.Values, cancellationToken);
        (string Name, byte[] Body)? request = batch.IdempotencyKey is null ? null : Digest(batch, resolved);
        List<ProtectedRow> rows = protection.Protect(resolved, new EventKeys(batch, request is { } r ? Request(r) : null, resolved));
        if (await ErasedAsync(rows, request is not null || protection.NamesEvents, cancellationToken) is { Count: > 0 } erased)
            return erased;
        AuditRecord record = Record(batch, receipt);
        DateTime now = _time.GetUtcNow().UtcDateTime;
        // Nothing is left of a repetition whose people were all erased.
        Func<ControlTransaction, int> store = rows.Count == 0
            ? _ => 0
            : await _intake.ReceiveAsync(batch.Dataset.Id, protection.Columns, rows, now, cancellationToken);
        bool taken = await _control.WriteAsync(
            transaction =>
            {
                if (request is { } named && !IdempotencyTable.Remember(transaction, batch.Caller.Tenant, batch.Sender, named.Name, named.Body, now))
                    return false;
                // A repetition is stored like the first: its rows have the keys of that one, so that the store takes each once, and an event that
                // was refused then, as from the future, and is accepted now is no lie.
                resolved.Save(transaction);
                int waiting = store(transaction);
                _audit.Append(transaction, record);
                transaction.OnCommitted(() => _queue.Added(waiting));
                return true;
            },
            cancellationToken);
        if (!taken)
        {
            throw new IngestRefusedException(
                IngestRefusals.IdempotencyConflict,
                "This Idempotency-Key came before with another body. Nothing of this one was stored; send it under a key of its own.");
        }

        return null;
    }

    // Whoever is erased between this look and the transaction changes the vault's generation, so that the batch is resolved, and this asked, again.
    private async Task<HashSet<int>> ErasedAsync(List<ProtectedRow> rows, bool named, CancellationToken cancellationToken)
    {
        HashSet<Guid> keys = named ? await _control.ReadAsync(connection => ErasedEventTable.Among(connection, rows.Select(r => r.EventKey)), cancellationToken) : [];
        return keys.Count == 0 ? [] : [.. Enumerable.Range(0, rows.Count).Where(i => keys.Contains(rows[i].EventKey))];
    }

    // Neither the key nor the body's plain hash is stored: a client may have put anything into the one, and the other could be guessed at.
    private static (string Name, byte[] Body) Digest(IngestBatch batch, VaultBatch resolved)
    {
        byte[] name = new byte[32];
        resolved.Digest(Encoding.UTF8.GetBytes("idempotency-key/" + batch.IdempotencyKey), name);
        byte[] body = new byte[32];
        byte[] message = new byte[16 + 9 + 32];
        "idempotent-body/"u8.CopyTo(message);
        BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(16), batch.Dataset.Id);
        message[24] = (byte)batch.Format;
        SHA256.HashData(batch.Body.Span, message.AsSpan(25));
        resolved.Digest(message, body);
        return (Base64Url.EncodeToString(name), body);
    }

    private static byte[] Request((string Name, byte[] Body) digest) => [.. Encoding.ASCII.GetBytes(digest.Name), .. digest.Body];
}
