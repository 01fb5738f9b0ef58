using System.Text;
using System.Text.Json;

namespace Opaline.Ingestion;

/// <summary>Decodes text cells. Their escapes have been checked by <see cref="BatchReader"/>.</summary>
internal static class JsonText
{
    /// <summary>The text of a text cell, or the literal of any other.</summary>
    public static string Decode(in Cell cell, ReadOnlySpan<byte> body)
    {
        if (cell.Kind != CellKind.Text)
            return Encoding.UTF8.GetString(cell.Json(body));
        if (!cell.Escaped)
            return Encoding.UTF8.GetString(Inner(cell, body));
        Utf8JsonReader reader = new(cell.Json(body));
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>The UTF-8 bytes of the text or literal; <paramref name="scratch"/> is used where escapes must be resolved.</summary>
    public static ReadOnlySpan<byte> Utf8(in Cell cell, ReadOnlySpan<byte> body, ref byte[] scratch)
    {
        if (cell.Kind != CellKind.Text)
            return cell.Json(body);
        if (!cell.Escaped)
            return Inner(cell, body);
        if (scratch.Length < cell.Length)
            scratch = new byte[cell.Length];
        Utf8JsonReader reader = new(cell.Json(body));
        reader.Read();
        return scratch.AsSpan(0, reader.CopyString(scratch));
    }

    /// <summary>Whether the UTF-8 text holds a control character: C0, DEL or C1.</summary>
    public static bool HasControl(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0 || utf8.Contains((byte)0x7F))
            return true;
        for (int at = utf8.IndexOf((byte)0xC2); at >= 0 && at + 1 < utf8.Length;)
        {
            if (utf8[at + 1] < 0xA0)
                return true;
            int next = utf8[(at + 1)..].IndexOf((byte)0xC2);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static ReadOnlySpan<byte> Inner(in Cell cell, ReadOnlySpan<byte> body) => body.Slice(cell.Start + 1, cell.Length - 2);
}
