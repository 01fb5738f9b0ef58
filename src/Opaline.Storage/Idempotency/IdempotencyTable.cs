using System.Security.Cryptography;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>The idempotency keys of accepted batches, per tenant and sender.</summary>
public static class IdempotencyTable
{
    /// <summary>Remembers the key with the hash of its body, in the transaction that makes the batch durable; false if it stands for another body.</summary>
    public static bool Remember(ControlTransaction transaction, Tenant tenant, string sender, string key, byte[] bodyHash, DateTime receivedAt)
    {
        int added = transaction.Execute(
            """
            INSERT INTO idempotency (tenant, source, idempotency_key, body_hash, received_at) VALUES (@p0, @p1, @p2, @p3, @p4)
            ON CONFLICT (tenant, source, idempotency_key) DO NOTHING
            """,
            tenant.Value,
            sender,
            key,
            bodyHash,
            UnixMicros.From(receivedAt));
        if (added == 1)
            return true;
        byte[]? known = transaction.Connection.Scalar(
            "SELECT body_hash FROM idempotency WHERE tenant = @p0 AND source = @p1 AND idempotency_key = @p2", tenant.Value, sender, key) as byte[];
        return CryptographicOperations.FixedTimeEquals(known, bodyHash);
    }

    /// <summary>Forgets keys received before the instant and returns how many.</summary>
    public static int DeleteBefore(ControlTransaction transaction, DateTime instant) =>
        transaction.Execute("DELETE FROM idempotency WHERE received_at < @p0", UnixMicros.From(instant));
}
