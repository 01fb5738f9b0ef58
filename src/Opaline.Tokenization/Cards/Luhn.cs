namespace Opaline.Tokenization;

/// <summary>The Luhn formula (ISO/IEC 7812-1, annex B) on digit values, the last of which is the check digit.</summary>
internal static class Luhn
{
    /// <summary>The sum modulo 10; a valid number has 0.</summary>
    public static int Remainder(ReadOnlySpan<ushort> digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
            sum += Weigh(digits[i], IsDoubled(digits.Length, i));
        return sum % 10;
    }

    /// <summary>Sets one digit so that the whole number has the remainder: there is exactly one.</summary>
    public static void SetRemainder(Span<ushort> digits, int at, int remainder)
    {
        digits[at] = 0;
        int wanted = (remainder - Remainder(digits) + 10) % 10;
        bool doubled = IsDoubled(digits.Length, at);
        // The inverse of doubling: 0 2 4 6 8 come from 0 to 4, and 1 3 5 7 9 from 5 to 9.
        digits[at] = (ushort)(!doubled ? wanted : wanted % 2 == 0 ? wanted / 2 : (wanted + 9) / 2);
    }

    private static bool IsDoubled(int length, int at) => (length - at) % 2 == 0;

    private static int Weigh(int digit, bool doubled) => !doubled ? digit : digit < 5 ? 2 * digit : (2 * digit) - 9;
}
