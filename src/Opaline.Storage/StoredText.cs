namespace Opaline.Storage;

/// <summary>Texts as the stores hold and compare them, alike in every engine.</summary>
internal static class StoredText
{
    /// <summary>
    /// The text with U+FFFD in the place of what an engine cannot hold: NUL, which DuckDB's driver would cut at, so that different values became
    /// one, and which PostgreSQL refuses; and halves of surrogate pairs, which have no UTF-8.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0', StringComparison.Ordinal))
            return text;
        return string.Create(text.Length, text, static (target, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                bool pair = char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]);
                if (pair)
                    target[i] = source[i++];
                target[i] = !pair && (source[i] == '\0' || char.IsSurrogate(source[i])) ? '\uFFFD' : source[i];
            }
        });
    }
}
