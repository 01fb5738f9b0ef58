using System.Collections.Frozen;

namespace Opaline.Detection;

/// <summary>What the name of a field says about its values: <c>customerPhone</c> helps, <c>order_id</c> forbids.</summary>
internal static class FieldNameHint
{
    private static readonly FrozenSet<string> Phone = Set("phone", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "msisdn", "whatsapp", "sms");
    private static readonly FrozenSet<string> Email = Set("email", "mail", "emails");
    private static readonly FrozenSet<string> Ip = Set("ip", "ipv4", "ipv6", "ipaddr", "ipaddress");
    private static readonly FrozenSet<string> Card = Set("card", "pan", "cc", "creditcard", "cardnumber");
    private static readonly FrozenSet<string> Iban = Set("iban");
    private static readonly FrozenSet<string> Version = Set("version", "ver", "build", "release", "firmware", "revision", "rev");

    private static readonly FrozenSet<string> OtherNumber = Set(
        "order", "invoice", "ticket", "tracking", "shipment", "sku", "serial", "isbn", "ean", "upc", "barcode", "imei", "transaction", "trace", "span",
        "request", "session", "timestamp", "time", "ts", "epoch", "date", "created", "updated", "amount", "price", "total", "count", "quantity", "version",
        "build", "id", "uuid", "guid", "hash", "checksum", "nonce", "ref", "reference", "batch", "size", "bytes", "duration", "offset", "sequence", "seq");

    /// <summary>Whether the name says that values are of the type.</summary>
    public static bool Says(string fieldName, PiiType type) => Contains(fieldName, type switch
    {
        PiiType.Phone => Phone,
        PiiType.Email => Email,
        PiiType.Ip => Ip,
        PiiType.Card => Card,
        PiiType.Iban => Iban,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown type of personal data."),
    });

    /// <summary>Whether the name says that values only look like the type. Never for types whose shape alone is certain.</summary>
    public static bool Forbids(string fieldName, PiiType type) => type switch
    {
        PiiType.Ip => Contains(fieldName, Version) && !Says(fieldName, type),
        PiiType.Card or PiiType.Phone => Contains(fieldName, OtherNumber) && !Says(fieldName, type),
        _ => false,
    };

    /// <summary>Whether a word of the name is in the set. Words end at punctuation and where camel case starts a new one.</summary>
    private static bool Contains(string fieldName, FrozenSet<string> set)
    {
        FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> words = set.GetAlternateLookup<ReadOnlySpan<char>>();
        int start = 0;
        for (int i = 0; i <= fieldName.Length; i++)
        {
            bool ends = i == fieldName.Length || !char.IsLetterOrDigit(fieldName[i]);
            bool camel = !ends && i > start && char.IsUpper(fieldName[i]) && !char.IsUpper(fieldName[i - 1]);
            if (!ends && !camel)
                continue;
            if (words.Contains(fieldName.AsSpan(start, i - start)))
                return true;
            start = camel ? i : i + 1;
        }
        return false;
    }

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
