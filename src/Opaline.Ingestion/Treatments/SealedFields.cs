using System.Text;
using Opaline.Catalog;

namespace Opaline.Ingestion;

/// <summary>
/// The sealed part of a row: one compact JSON object of field name to value, encrypted as one. The values stand in it as they came.
/// </summary>
public static class SealedFields
{
    /// <summary>
    /// What the ciphertext is bound to: <c>tenant | dataset | event_key</c>, the dataset as its number in decimal and the key as 16
    /// big-endian bytes. A ciphertext moved to another row does not open.
    /// </summary>
    public static byte[] AssociatedData(Tenant tenant, long datasetId, Guid eventKey)
    {
        byte[] prefix = Prefix(tenant, datasetId);
        byte[] data = new byte[prefix.Length + 16];
        prefix.CopyTo(data, 0);
        eventKey.TryWriteBytes(data.AsSpan(prefix.Length), bigEndian: true, out _);
        return data;
    }

    internal static byte[] Prefix(Tenant tenant, long datasetId) =>
        Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{tenant.Value}|{datasetId}|"));
}
