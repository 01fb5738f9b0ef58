using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opaline.Analytics;

/// <summary>Reads constants of the tree.</summary>
internal static partial class SqlConstants
{
    /// <summary>The constant, or null where the node is none. Dates, instants and UUIDs stay text: what they are compared with decides.</summary>
    public static Literal? TryRead(SqlNode node)
    {
        if (node.Class == "CONSTANT")
            return IsNull(node) ? null : Read(node);
        if (node.Class != "CAST" || node.Get("child") is not { Class: "CONSTANT" } child || IsNull(child))
            return null;
        node.Only("child", "cast_type", "try_cast");
        Literal value = Read(child);
        string type = CastType(node);
        return (type, value.Kind) switch
        {
            ("BOOLEAN", LiteralKind.Text) when value.Text is "t" or "true" => Literal.Of(true),
            ("BOOLEAN", LiteralKind.Text) when value.Text is "f" or "false" => Literal.Of(false),
            ("VARCHAR" or "UUID", LiteralKind.Text) => value,
            ("DATE", LiteralKind.Text) when DateForm().IsMatch(value.Text) => value,
            ("TIMESTAMP" or "TIMESTAMP WITH TIME ZONE", LiteralKind.Text) => Instant(value.Text) is { } instant
                ? Literal.Of(RangeEdgeText.Write(instant.UtcDateTime))
                : throw node.Refuse(
                    RefusalCodes.InvalidValue, "An instant names its offset, else it would be another time in every zone.", "TIMESTAMPTZ '2024-01-15T10:30:00Z'"),
            (_, LiteralKind.Number) when IsNumber(type) => value,
            _ => null,
        };
    }

    public static bool IsNull(SqlNode node) => node.Class == "CONSTANT" && node.Get("value").Flag("is_null");

    // A type with parameters is another one.
    public static string CastType(SqlNode node) => node.Get("cast_type") is var type && type.Has("type_info") ? "" : type.Text("id") ?? "";

    /// <summary>Whether every number of the grid is one of this type too, unchanged.</summary>
    public static bool IsNumber(string type) => type == "DOUBLE";

    /// <summary>A whole number, or null.</summary>
    public static int? TryInteger(SqlNode node) =>
        TryRead(node) is { Kind: LiteralKind.Number } value && int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    /// <summary>A number, or null.</summary>
    public static decimal? TryNumber(SqlNode node) =>
        TryRead(node) is { Kind: LiteralKind.Number } value ? decimal.Parse(value.Text, CultureInfo.InvariantCulture) : null;

    /// <summary>A text, or null.</summary>
    public static string? TryText(SqlNode node) => TryRead(node) is { Kind: LiteralKind.Text } value ? value.Text : null;

    /// <summary>An edge of a range: a date, an instant with its offset, or a midnight without one, which is a date. Null for anything else.</summary>
    public static RangeEdge? TryEdge(SqlNode node)
    {
        SqlNode constant = node.Class == "CAST" ? node.Get("child") : node;
        if (constant.Class != "CONSTANT" || IsNull(constant) || Read(constant) is not { Kind: LiteralKind.Text } value)
            return null;
        if (node.Class == "CAST" && CastType(node) is not ("DATE" or "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE"))
            return null;
        Match midnight = MidnightForm().Match(value.Text);
        return midnight.Success
            ? RangeEdgeText.Read(midnight.Groups["date"].Value)
            : Instant(value.Text) is { } instant ? RangeEdge.At(instant) : null;
    }

    /// <summary>The period of an interval of one hour, day, week or month; else null.</summary>
    public static Period? TryPeriod(SqlNode node)
    {
        if (node.Class == "CAST" && CastType(node) == "INTERVAL" && TryText(node.Get("child")) is { } text)
        {
            Match match = IntervalForm().Match(text);
            return match.Success ? QueryWords.Find<Period>(match.Groups["unit"].Value.ToLowerInvariant(), QueryWords.Of) : null;
        }

        if (!node.FunctionName.StartsWith("to_", StringComparison.Ordinal) || !node.IsFunction(node.FunctionName) || node.List("children") is not [SqlNode amount])
            return null;
        // The parser writes INTERVAL 1 DAY as to_days(CAST(trunc(CAST(1 AS DOUBLE)) AS INTEGER)).
        while (amount.Class == "CAST" || (amount.Class == "FUNCTION" && amount.FunctionName == "trunc" && amount.List("children").Length == 1))
            amount = amount.Class == "CAST" ? amount.Get("child") : amount.List("children")[0];
        bool one = amount.Class == "CONSTANT" && !IsNull(amount) && Read(amount).Text == "1";
        return one ? QueryWords.Find<Period>(node.FunctionName["to_".Length..].TrimEnd('s'), QueryWords.Of) : null;
    }

    private static Literal Read(SqlNode node)
    {
        node.Only("value");
        SqlNode value = node.Get("value");
        JsonElement content = value.Get("value").Element;
        value.Only("type", "value");
        string type = value.Get("type").Text("id") ?? "";
        value.Get("type").Only(type == "DECIMAL" ? ["id", "type_info"] : ["id"]);
        switch (type)
        {
            case "VARCHAR" when content.ValueKind == JsonValueKind.String:
                string text = content.GetString()!;
                return text.Contains('\0', StringComparison.Ordinal)
                    ? throw node.Refuse(RefusalCodes.InvalidValue, "A text must not contain the character U+0000.")
                    : Literal.Of(text);
            case "BOOLEAN" when content.ValueKind is JsonValueKind.True or JsonValueKind.False:
                return Literal.Of(content.GetBoolean());
            case "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "HUGEINT" or "UHUGEINT":
                return Number(node, Whole(content), 0);
            case "DECIMAL":
                SqlNode form = value.Get("type").Get("type_info");
                form.Only("width", "scale");
                if (form.Type != "DECIMAL_TYPE_INFO")
                    throw node.Unsupported();
                int scale = form.Find("scale") is { } digits ? digits.Element.GetInt32() : 0;
                return Number(node, Whole(content), scale);
            case "DOUBLE" or "FLOAT" when content.ValueKind == JsonValueKind.Number:
                return decimal.TryParse(content.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
                    ? Literal.Of(number)
                    : throw TooLong(node);
            default:
                throw node.Unsupported();
        }
    }

    private static BigInteger? Whole(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.Number when BigInteger.TryParse(content.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number) => number,
        JsonValueKind.Object when content.TryGetProperty("lower", out JsonElement lower) && lower.TryGetUInt64(out ulong low) =>
            ((content.TryGetProperty("upper", out JsonElement upper) ? BigInteger.Parse(upper.GetRawText(), CultureInfo.InvariantCulture) : 0) << 64) + low,
        _ => null,
    };

    private static Literal Number(SqlNode node, BigInteger? whole, int scale)
    {
        if (whole is not { } digits || BigInteger.Abs(digits) > (BigInteger)decimal.MaxValue || scale > 28)
            throw TooLong(node);
        decimal value = (decimal)digits;
        for (int i = 0; i < scale; i++)
            value /= 10;
        return Literal.Of(value);
    }

    private static QueryRefusedException TooLong(SqlNode node) => node.Refuse(RefusalCodes.InvalidValue, "A number has at most 28 digits.");

    // SQL writes a space where RFC 3339 has a T, and +00 for +00:00.
    private static DateTimeOffset? Instant(string text)
    {
        string rfc = text.Length > 10 && text[10] == ' ' ? string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11)) : text;
        if (rfc.Length > 13 && rfc[^3] is '+' or '-' && rfc.Contains(':', StringComparison.Ordinal))
            rfc += ":00";
        return RangeEdgeText.ReadInstant(rfc);
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z")]
    private static partial Regex DateForm();

    [GeneratedRegex(@"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})([ T]00:00(:00(\.0{1,9})?)?)?\z")]
    private static partial Regex MidnightForm();

    [GeneratedRegex(@"\A\s*1\s+(?<unit>hour|day|week|month)s?\s*\z", RegexOptions.IgnoreCase)]
    private static partial Regex IntervalForm();
}
