using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>What a declared alphabet, its separators, lengths and kept parts must be like.</summary>
internal static class TemplateRules
{
    private const int LargestRadix = 65_536;
    private const int MostSeparators = 64;
    private const int LongestCard = 19;
    private const string NotWritten = "Control characters and halves of surrogate pairs are no characters of a value.";

    public static void Check(TokenFormat format, FaultList faults)
    {
        if (format.Values == ValueKind.Template)
        {
            CheckAlphabet(format.Alphabet ?? "", faults);
            CheckSeparators(format, faults);
        }
        CheckLengths(format, faults);
        faults.AddIf(
            format.Luhn && (format.Alphabet ?? TemplateShape.Digits) != TemplateShape.Digits,
            "luhn",
            "luhn",
            "The Luhn formula is of decimal digits.",
            "alphabet: 0123456789, or luhn: false");
    }

    private static void CheckAlphabet(string alphabet, FaultList faults)
    {
        faults.AddIf(
            alphabet.Length is < 2 or > LargestRadix,
            "alphabet",
            "alphabet",
            "FF1 takes 2 to 65,536 characters.",
            "every character that values have, such as 0123456789");
        faults.AddIf(
            alphabet.Distinct().Count() != alphabet.Length,
            "alphabet",
            "alphabet",
            "A character stands in it twice: two values would share a token.",
            "each character once");
        faults.AddIf(!alphabet.All(IsWritten), "alphabet", "alphabet", NotWritten, "values: text with siv");
    }

    private static void CheckSeparators(TokenFormat format, FaultList faults)
    {
        string separators = format.Separators;
        faults.AddIf(
            format.Alphabet is not null && separators.Any(format.Alphabet.Contains),
            "separators",
            "separators",
            "A separator stands in the alphabet too: it could not be told from a hidden character.",
            "the alphabet without it");
        faults.AddIf(
            separators.Distinct().Count() != separators.Length || separators.Length > MostSeparators,
            "separators",
            "separators",
            "Separators are at most 64 different characters.",
            "each separator once");
        faults.AddIf(!separators.All(IsWritten), "separators", "separators", NotWritten, "values: text with siv");
    }

    private static void CheckLengths(TokenFormat format, FaultList faults)
    {
        int longest = format.Values == ValueKind.Card ? LongestCard : TemplateShape.LongestLength;
        string reason = string.Create(CultureInfo.InvariantCulture, $"A value has 1 to {longest} characters.");
        faults.AddIf(format.MinLength < 1, "length", "min_length", reason, "min_length: 6 or more");
        faults.AddIf(format.MaxLength > longest, "length", "max_length", reason, "a smaller max_length, or siv");
        faults.AddIf(
            format.MaxLength < format.MinLength, "length", "max_length", "It is below min_length.", "a max_length of at least min_length");
        faults.AddIf(
            format.KeepPrefix < 0 || format.KeepSuffix < 0, "length", "keep_prefix", "Kept parts cannot be negative.", "keep_prefix: 0");
        faults.AddIf(
            format.MinLength >= 1 && (long)format.KeepPrefix + format.KeepSuffix >= format.MinLength,
            "overlap",
            "keep_suffix",
            "The kept parts meet: nothing of the shortest value is hidden.",
            "fewer kept characters");
    }

    private static bool IsWritten(char c) => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\uFFFE' or '\uFFFF');
}
