using System.Numerics;

namespace Opaline.Tokenization;

/// <summary>What a <see cref="TemplateCipher"/> hides of a text. Lengths count characters of the alphabet, kept ones included.</summary>
/// <param name="Alphabet">The characters that are hidden.</param>
/// <param name="Separators">Characters that stay where they are.</param>
/// <param name="KeepPrefix">Characters of the alphabet that stay at the beginning.</param>
/// <param name="KeepSuffix">Characters of the alphabet that stay at the end.</param>
/// <param name="MinLength">Fewest characters.</param>
/// <param name="MaxLength">Most characters.</param>
/// <param name="Luhn">Whether the Luhn remainder stays.</param>
internal sealed record TemplateShape(
    string Alphabet, string Separators, int KeepPrefix, int KeepSuffix, int MinLength, int MaxLength, bool Luhn = false)
{
    /// <summary>Caps the work that one text can cause: FF1 is quadratic in its length.</summary>
    public const int LongestLength = Ff1.DefaultMaxLength;

    public const string Digits = "0123456789";

    /// <summary>Lower-case letters and digits, as they stand in e-mail addresses.</summary>
    public const string LocalPart = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>How many values the hidden part of the shortest text can have.</summary>
    public BigInteger DomainSize
    {
        get
        {
            long hidden = (long)MinLength - Math.Max(0, KeepPrefix) - Math.Max(0, KeepSuffix) - (Luhn ? 1 : 0);
            return BigInteger.Pow(Alphabet.Distinct().Count(), (int)Math.Clamp(hidden, 0, LongestLength));
        }
    }

    /// <summary>The shape that a format declares, legal or not.</summary>
    public static TemplateShape Of(TokenFormat format) => new(
        format.Values == ValueKind.Template ? format.Alphabet ?? "" : Digits,
        format.Separators,
        format.KeepPrefix,
        format.KeepSuffix,
        format.MinLength,
        format.MaxLength,
        format.Luhn);
}
