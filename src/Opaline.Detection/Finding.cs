namespace Opaline.Detection;

/// <summary>A piece of personal data in a value. Says where it is, never what it is.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Start">Index of its first UTF-16 code unit.</param>
/// <param name="Length">Its length in UTF-16 code units; at least 1.</param>
/// <param name="Score">Strength of the rule, 0 to 1: checksums 0.99, a strict shape 0.95, a shape that needed context 0.7.</param>
/// <param name="Rule">Stable name of the rule that decided, such as <c>card/luhn</c>.</param>
public readonly record struct Finding(PiiType Type, int Start, int Length, double Score, string Rule)
{
    /// <summary>Index after its last UTF-16 code unit.</summary>
    public int End => Start + Length;
}
