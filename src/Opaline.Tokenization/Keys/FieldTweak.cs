using System.Buffers.Binary;
using System.Text;

namespace Opaline.Tokenization;

/// <summary>
/// The tweak of every FF1 call: field number (2 bytes) and the context that stays readable (5 bytes), so that equal hidden parts in different
/// surroundings get different tokens. Exactly 7 bytes: then a round of FF1 needs one block of AES up to 128 bits. Safe for use by many threads.
/// </summary>
internal sealed class FieldTweak : IDisposable
{
    public const int Size = 7;

    private const int ContextSize = Size - sizeof(ushort);
    private const byte Filler = 0xF;

    private readonly ushort _field;
    private readonly AesCmac _context;

    public FieldTweak(FieldKeys keys)
    {
        _field = (ushort)keys.Number;
        _context = keys.Derive("context", 32, key => new AesCmac(key));
    }

    /// <summary>
    /// Writes the tweak of a context. Up to ten digits stand in it themselves (BCD, filled with F); anything else is the first 5 bytes of its
    /// AES-CMAC. That is no secret: it only has to differ.
    /// </summary>
    public void Write(ReadOnlySpan<char> context, Span<byte> tweak)
    {
        BinaryPrimitives.WriteUInt16BigEndian(tweak, _field);
        Span<byte> target = tweak.Slice(sizeof(ushort), ContextSize);
        if (context.Length <= 2 * ContextSize && context.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            for (int i = 0; i < ContextSize; i++)
                target[i] = (byte)((Nibble(context, 2 * i) << 4) | Nibble(context, (2 * i) + 1));
            return;
        }
        Span<byte> utf8 = stackalloc byte[1_024];
        int length = Encoding.UTF8.GetMaxByteCount(context.Length);
        if (length > utf8.Length)
            utf8 = new byte[length];
        Span<byte> tag = stackalloc byte[AesCmac.TagSize];
        _context.Compute(utf8[..Encoding.UTF8.GetBytes(context, utf8)], tag);
        tag[..ContextSize].CopyTo(target);
    }

    public void Dispose() => _context.Dispose();

    private static int Nibble(ReadOnlySpan<char> digits, int at) => at < digits.Length ? digits[at] - '0' : Filler;
}
