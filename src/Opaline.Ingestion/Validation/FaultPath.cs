using System.Text;

namespace Opaline.Ingestion;

/// <summary>
/// Writes the path of a fault. Names are the client's, and a client may have put an e-mail address where a name belongs: what is not
/// a plain word reads <c>*</c>.
/// </summary>
internal static class FaultPath
{
    private const int LongestWord = 40;
    private const int MostDigits = 4;

    public static string Of(ReadOnlySpan<byte> path)
    {
        StringBuilder text = new("$");
        while (!path.IsEmpty)
        {
            int dot = path.IndexOf((byte)'.');
            ReadOnlySpan<byte> name = dot < 0 ? path : path[..dot];
            text.Append('.').Append(IsPlainWord(name) ? Encoding.ASCII.GetString(name) : "*");
            path = dot < 0 ? [] : path[(dot + 1)..];
        }

        return text.ToString();
    }

    private static bool IsPlainWord(ReadOnlySpan<byte> name)
    {
        int digits = 0;
        foreach (byte b in name)
        {
            if (b is >= (byte)'0' and <= (byte)'9')
                digits++;
            else if (!(char.IsAsciiLetter((char)b) || b is (byte)'_' or (byte)'-'))
                return false;
        }

        return name.Length is > 0 and <= LongestWord && digits <= MostDigits;
    }
}
