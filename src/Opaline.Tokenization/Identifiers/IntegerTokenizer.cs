using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>
/// Tokens of 64-bit integers that are integers of the same range: FF1 on the bits of the distance from the smallest, walked on until it is
/// inside the range again, two steps at most on average. Safe for use by many threads.
/// </summary>
public sealed class IntegerTokenizer : ITokenizer
{
    private readonly long _least;
    private readonly UInt128 _size;
    private readonly int _bits;
    private readonly byte[] _tweak = new byte[FieldTweak.Size];
    private readonly Ff1 _ff1;

    /// <summary>Makes the tokenizer of a field.</summary>
    /// <param name="keys">The field's keys; they are read here and not held.</param>
    /// <param name="least">The smallest integer.</param>
    /// <param name="greatest">The largest one; the range has at least <see cref="Ff1.MinDomain"/> integers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range has too few integers.</exception>
    public IntegerTokenizer(FieldKeys keys, long least = long.MinValue, long greatest = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (greatest < least || (Int128)greatest - least < Ff1.MinDomain - 1)
            throw new ArgumentOutOfRangeException(nameof(greatest), greatest, "A range has at least 1,000,000 integers.");
        _least = least;
        _size = (UInt128)((Int128)greatest - least) + 1;
        _bits = 128 - (int)UInt128.LeadingZeroCount(_size - 1);
        using FieldTweak tweak = new(keys);
        tweak.Write("", _tweak);
        _ff1 = keys.Derive("ff1", 32, key => new Ff1(key, 2));
    }

    /// <summary>The token of an integer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in the range.</exception>
    public long Tokenize(long value) => Transform(value, encrypt: true);

    /// <summary>The integer of a token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in the range.</exception>
    public long Reveal(long token) => Transform(token, encrypt: false);

    /// <inheritdoc />
    public string? Canonical(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return CanonicalOf(value);
    }

    /// <inheritdoc />
    public string? Tokenize(string canonical) => Transform(canonical, encrypt: true);

    /// <inheritdoc />
    public string? Reveal(string token) => Transform(token, encrypt: false);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => _ff1.Dispose();

    /// <summary>Decimal digits without leading zeros, and a minus.</summary>
    internal static string? CanonicalOf(string value) =>
        long.TryParse(value.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : null;

    private bool Contains(long value) => value >= _least && (UInt128)((Int128)value - _least) < _size;

    private string? Transform(string text, bool encrypt)
    {
        ArgumentNullException.ThrowIfNull(text);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && Contains(value)
            ? Transform(value, encrypt).ToString(CultureInfo.InvariantCulture)
            : null;
    }

    private long Transform(long value, bool encrypt)
    {
        if (!Contains(value))
            throw new ArgumentOutOfRangeException(nameof(value), "The value is not in the declared range.");
        UInt128 rank = (UInt128)((Int128)value - _least);
        do
            rank = encrypt ? _ff1.Encrypt(_tweak, rank, _bits) : _ff1.Decrypt(_tweak, rank, _bits);
        while (rank >= _size);
        return (long)((Int128)rank + _least);
    }
}
