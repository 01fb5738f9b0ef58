namespace Opaline.Detection;

/// <summary>Finds UUIDs, whose groups of digits look like parts of cards and telephone numbers, and keeps the rules away from them.</summary>
internal static class Uuids
{
    private const int Length = 36;

    public static void Block(Candidates found)
    {
        ReadOnlySpan<char> text = found.Text;
        int dash = text.IndexOf('-');
        while (dash >= 0)
        {
            int start = dash - 8;
            int next = dash + 1;
            if (start >= 0 && start + Length <= text.Length && IsUuid(text.Slice(start, Length)))
            {
                found.Block(start, Length);
                next = start + Length;
            }
            int step = next < text.Length ? text[next..].IndexOf('-') : -1;
            dash = step < 0 ? -1 : next + step;
        }
    }

    private static bool IsUuid(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < Length; i++)
        {
            bool dash = i is 8 or 13 or 18 or 23;
            if (dash ? text[i] != '-' : !char.IsAsciiHexDigit(text[i]))
                return false;
        }
        return true;
    }
}
