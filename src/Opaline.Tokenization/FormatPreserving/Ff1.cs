using System.Numerics;

namespace Opaline.Tokenization;

/// <summary>
/// FF1 format-preserving encryption (NIST SP 800-38G, with the limits of Rev. 1's second draft of 2025): a text of n digits of a radix
/// becomes another of n digits, one to one for each tweak. Texts of up to 64 bits a half (38 decimal digits, a UUID) cost one block of AES
/// a round and, where the processor has AES, allocate nothing; many at once are several times as fast as one by one. It has no integrity:
/// any text decrypts to some text. Safe for use by many threads.
/// </summary>
public sealed class Ff1 : IDisposable
{
    /// <summary>The fewest values that a format may have.</summary>
    public const int MinDomain = 1_000_000;

    /// <summary>The largest radix.</summary>
    public const int MaxRadix = 65_536;

    /// <summary>The most digits of a text, unless another limit is set: the time is quadratic in them.</summary>
    public const int DefaultMaxLength = 256;

    private const int LongestMaxLength = 4_096;

    private readonly Ff1Core _core;

    /// <summary>Makes a cipher under a key of 16, 24 or 32 bytes, which is copied.</summary>
    /// <param name="key">The key of one field and purpose.</param>
    /// <param name="radix">How many digits there are, from 2 to 65,536.</param>
    /// <param name="maxLength">The most digits of a text, from <see cref="MinLengthOf"/> the radix to 4,096.</param>
    /// <exception cref="ArgumentException">The key has another length, or a number is out of range.</exception>
    public Ff1(ReadOnlySpan<byte> key, int radix, int maxLength = DefaultMaxLength)
    {
        if (key.Length is not (16 or 24 or 32))
            throw new ArgumentException("An AES key has 16, 24 or 32 bytes.", nameof(key));
        MinLength = MinLengthOf(radix);
        if (maxLength < MinLength || maxLength > LongestMaxLength)
            throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, $"It lies from {MinLength} to {LongestMaxLength} digits.");
        Radix = radix;
        MaxLength = maxLength;
        _core = new Ff1Core(key, radix);
    }

    /// <summary>How many digits there are.</summary>
    public int Radix { get; }

    /// <summary>The fewest digits of a text: with fewer there would not be a million texts.</summary>
    public int MinLength { get; }

    /// <summary>The most digits of a text.</summary>
    public int MaxLength { get; }

    /// <summary>The most digits of a text that can be given as a number: 38 in decimal, 128 in binary.</summary>
    public int MaxNumberLength => Math.Min(MaxLength, _core.MaxNumberLength);

    /// <summary>The fewest digits of a radix that have a million values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The radix is not from 2 to 65,536.</exception>
    public static int MinLengthOf(int radix)
    {
        CheckRadix(radix);
        int length = 1;
        for (long size = radix; size < MinDomain || length < 2; size *= radix)
            length++;
        return length;
    }

    /// <summary>How many texts of <paramref name="length"/> digits there are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The radix is not from 2 to 65,536, or the length not from 0 to 4,096.</exception>
    public static BigInteger DomainSize(int radix, int length)
    {
        CheckRadix(radix);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LongestMaxLength);
        return BigInteger.Pow(radix, length);
    }

    /// <summary>Encrypts one text.</summary>
    /// <param name="tweak">Any bytes that both sides know, of any length, the same to decrypt. Up to 7 cost nothing.</param>
    /// <param name="digits">The text's digits, each below the radix; the most significant first.</param>
    /// <param name="output">Takes as many digits; may be <paramref name="digits"/> itself.</param>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentException">The text is too long, a digit not below the radix, or the output of another length.</exception>
    public void Encrypt(ReadOnlySpan<byte> tweak, ReadOnlySpan<ushort> digits, Span<ushort> output)
    {
        CheckLength(digits.Length);
        _core.Run(tweak, digits, output, inverse: false);
    }

    /// <summary>
    /// Decrypts what <see cref="Encrypt(ReadOnlySpan{byte}, ReadOnlySpan{ushort}, Span{ushort})"/> made, in the same way.
    /// </summary>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentException">The text is too long, a digit not below the radix, or the output of another length.</exception>
    public void Decrypt(ReadOnlySpan<byte> tweak, ReadOnlySpan<ushort> digits, Span<ushort> output)
    {
        CheckLength(digits.Length);
        _core.Run(tweak, digits, output, inverse: true);
    }

    /// <summary>Encrypts one text, given as the number of its digits: of radix 2, any <paramref name="length"/> bits.</summary>
    /// <param name="tweak">Any bytes that both sides know.</param>
    /// <param name="value">The number, below radix^length.</param>
    /// <param name="length">Digits of the text, leading zeros included; at most <see cref="MaxNumberLength"/>.</param>
    /// <returns>A number below radix^length.</returns>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length or the number is too large.</exception>
    public UInt128 Encrypt(ReadOnlySpan<byte> tweak, UInt128 value, int length)
    {
        CheckLength(length);
        return _core.Run(tweak, value, length, inverse: false);
    }

    /// <summary>Decrypts what <see cref="Encrypt(ReadOnlySpan{byte}, UInt128, int)"/> made, in the same way.</summary>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length or the number is too large.</exception>
    public UInt128 Decrypt(ReadOnlySpan<byte> tweak, UInt128 value, int length)
    {
        CheckLength(length);
        return _core.Run(tweak, value, length, inverse: true);
    }

    /// <summary>Encrypts many texts of one length, each to what it would become alone.</summary>
    /// <param name="tweaks">The tweaks.</param>
    /// <param name="length">Digits of each text.</param>
    /// <param name="digits">The texts, one after another.</param>
    /// <param name="output">Takes as many digits; may be <paramref name="digits"/> itself.</param>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentException">The texts are too long, a digit is not below the radix, or lengths do not match.</exception>
    public void Encrypt(Ff1Tweaks tweaks, int length, ReadOnlySpan<ushort> digits, Span<ushort> output)
    {
        CheckLength(length);
        _core.RunMany(tweaks, length, digits, output, inverse: false);
    }

    /// <summary>Decrypts many texts of one length, each to what it would become alone.</summary>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentException">The texts are too long, a digit is not below the radix, or lengths do not match.</exception>
    public void Decrypt(Ff1Tweaks tweaks, int length, ReadOnlySpan<ushort> digits, Span<ushort> output)
    {
        CheckLength(length);
        _core.RunMany(tweaks, length, digits, output, inverse: true);
    }

    /// <summary>
    /// Encrypts many texts of one length, given as the numbers of their digits: of radix 2 and length 64, any 64-bit ids.
    /// </summary>
    /// <param name="tweaks">The tweaks.</param>
    /// <param name="length">Digits of each text; radix^length is at most 2^64.</param>
    /// <param name="values">Numbers below radix^length.</param>
    /// <param name="output">Takes as many numbers; may be <paramref name="values"/> itself.</param>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentException">The length or a number is too large, or counts do not match.</exception>
    public void Encrypt(Ff1Tweaks tweaks, int length, ReadOnlySpan<ulong> values, Span<ulong> output)
    {
        CheckLength(length);
        _core.RunMany(tweaks, length, values, output, inverse: false);
    }

    /// <summary>Decrypts many texts of one length, given as the numbers of their digits.</summary>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentException">The length or a number is too large, or counts do not match.</exception>
    public void Decrypt(Ff1Tweaks tweaks, int length, ReadOnlySpan<ulong> values, Span<ulong> output)
    {
        CheckLength(length);
        _core.RunMany(tweaks, length, values, output, inverse: true);
    }

    /// <summary>
    /// Encrypts many texts of one length, given as the numbers of their digits: of radix 2 and length 122, what is free in UUIDs.
    /// </summary>
    /// <param name="tweaks">The tweaks.</param>
    /// <param name="length">Digits of each text; at most <see cref="MaxNumberLength"/>.</param>
    /// <param name="values">Numbers below radix^length.</param>
    /// <param name="output">Takes as many numbers; may be <paramref name="values"/> itself.</param>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentException">The length or a number is too large, or counts do not match.</exception>
    public void Encrypt(Ff1Tweaks tweaks, int length, ReadOnlySpan<UInt128> values, Span<UInt128> output)
    {
        CheckLength(length);
        _core.RunMany(tweaks, length, values, output, inverse: false);
    }

    /// <summary>Decrypts many texts of one length, given as the numbers of their digits.</summary>
    /// <exception cref="DomainTooSmallException">There are fewer than a million texts of this length.</exception>
    /// <exception cref="ArgumentException">The length or a number is too large, or counts do not match.</exception>
    public void Decrypt(Ff1Tweaks tweaks, int length, ReadOnlySpan<UInt128> values, Span<UInt128> output)
    {
        CheckLength(length);
        _core.RunMany(tweaks, length, values, output, inverse: true);
    }

    /// <summary>Zeroes the key schedule.</summary>
    public void Dispose() => _core.Dispose();

    private void CheckLength(int length)
    {
        if (length >= MinLength && length <= MaxLength)
            return;
        throw length switch
        {
            < 0 => new ArgumentOutOfRangeException(nameof(length), length, "A length is no negative number."),
            _ when length > MaxLength => new ArgumentOutOfRangeException(nameof(length), length, $"A text has at most {MaxLength} digits."),
            _ => new DomainTooSmallException(DomainSize(Radix, length)),
        };
    }

    private static void CheckRadix(int radix)
    {
        if (radix is < 2 or > MaxRadix)
            throw new ArgumentOutOfRangeException(nameof(radix), radix, $"A radix lies from 2 to {MaxRadix}.");
    }
}
