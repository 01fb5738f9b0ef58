using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Opaline.TokenVault;

namespace Opaline.Ingestion;

/// <summary>
/// The 128-bit keys that make rows exactly-once: a keyed digest of (tenant, dataset, source, subject, event id), else of (…,
/// Idempotency-Key, body, index), else random. The subject is part of it, so that one person's event id can never suppress another's row; by what it is called and not by its
/// id, which is another one after an erasure, so that an event that was erased is known when it is sent again.
/// </summary>
internal sealed class EventKeys
{
    private const byte ByEventId = 1;
    private const byte ByRequest = 2;

    private readonly VaultBatch _vault;
    private readonly byte[]? _request;
    private readonly int _prefix;
    private readonly byte[] _message;

    /// <param name="batch">Tenant, dataset and source.</param>
    /// <param name="request">Digest of the request's Idempotency-Key and body, or null.</param>
    /// <param name="vault">Makes the digests.</param>
    public EventKeys(IngestBatch batch, byte[]? request, VaultBatch vault)
    {
        (_vault, _request) = (vault, request);
        byte[] tenant = Encoding.UTF8.GetBytes(batch.Caller.Tenant.Value);
        byte[] sender = Encoding.UTF8.GetBytes(batch.Sender);
        _message = new byte[tenant.Length + sender.Length + 544];
        int at = Append(Append(0, tenant), sender);
        BinaryPrimitives.WriteInt64BigEndian(_message.AsSpan(at), batch.Dataset.Id);
        _prefix = at + sizeof(long);
    }

    /// <summary>The key of an event.</summary>
    /// <param name="subject">What its subject is known by: <see cref="VaultBatch.SubjectIdentity"/>.</param>
    /// <param name="eventId">The client's id, UTF-8; empty for none.</param>
    /// <param name="index">Position in the batch.</param>
    public Guid Of(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> eventId, int index)
    {
        Span<byte> digest = stackalloc byte[32];
        if (!eventId.IsEmpty)
        {
            _message[_prefix] = ByEventId;
            _vault.Digest(_message.AsSpan(0, Append(Append(_prefix + 1, subject), eventId)), digest);
        }
        else if (_request is not null)
        {
            _message[_prefix] = ByRequest;
            BinaryPrimitives.WriteInt32BigEndian(_message.AsSpan(_prefix + 1), index);
            _vault.Digest(_message.AsSpan(0, Append(_prefix + 5, _request)), digest);
        }
        else
        {
            RandomNumberGenerator.Fill(digest[..16]);
        }

        return new Guid(digest[..16], bigEndian: true);
    }

    private int Append(int at, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(_message.AsSpan(at), part.Length);
        part.CopyTo(_message.AsSpan(at + 4));
        return at + 4 + part.Length;
    }
}
