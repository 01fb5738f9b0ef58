using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Opaline.Catalog;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.TokenVault;

namespace Opaline.Governance;

/// <summary>Writes the signed receipts of erasures: JSON Web Signatures (RFC 7515, compact, ES256) that <see cref="ErasureReceipt"/> verifies.</summary>
public sealed class ErasureReceipts(ReceiptKey key, TimeProvider time)
{
    private const int Version = 1;

    private const string Kept =
        "Rows of a dataset that says anonymize were kept under a number that is nobody's, without sealed values and tokens; a person who returns is counted there as another.";

    /// <summary>The receipt as of now, or null if the erasure is not done.</summary>
    public string? Of(Erasure erasure)
    {
        ArgumentNullException.ThrowIfNull(erasure);
        if (erasure.ErasedAt is not { } erasedAt || erasure.AsOf is not { } asOf || erasure.ShreddedAt is not { } shreddedAt)
            return null;
        DateTime horizon = erasedAt + TimeSpan.FromDays(erasure.BackupDays);
        ErasureReceiptDocument document = new(
            Version,
            erasure.Name,
            erasure.Tenant.Value,
            erasure.SubjectToken,
            erasure.SubjectScope,
            erasure.RequestedAt,
            asOf,
            erasedAt,
            erasure.Datasets.OrderBy(d => d.Key, StringComparer.Ordinal).ToDictionary(d => d.Key, d => d.Value == ErasedRows.Delete ? "delete" : "anonymize"),
            horizon)
        {
            KeyDestroyedAt = shreddedAt,
            // The person's key lies in copies of control.db from before and nowhere else; until the last of them is gone, root key and copy together open what it sealed.
            ShreddedBy = time.GetUtcNow().UtcDateTime >= horizon ? horizon : null,
            Note = erasure.Datasets.Values.Contains(ErasedRows.Anonymize) ? Kept : null,
        };
        string header = Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = "ES256", kid = key.KeyId, typ = ErasureReceipt.Type }));
        string payload = Encode(JsonSerializer.SerializeToUtf8Bytes(document, OpalineJson.Options));
        string message = $"{header}.{payload}";
        return $"{message}.{Encode(key.Sign(Encoding.ASCII.GetBytes(message)))}";
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
