using System.Numerics;
using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>
/// FF1 as SP 800-38G writes it (algorithms 7 and 8), in whole numbers of any size: for texts that are too long for <see cref="Ff1Core"/>,
/// and what the tests hold the fast paths to. Quadratic in the length.
/// </summary>
internal static class Ff1Reference
{
    public static void Run(
        IAesBlocks aes, int radix, ReadOnlySpan<byte> tweak, ReadOnlySpan<ushort> digits, Span<ushort> output, bool inverse)
    {
        int leftLength = digits.Length / 2;
        BigInteger leftModulus = BigInteger.Pow(radix, leftLength);
        BigInteger rightModulus = BigInteger.Pow(radix, digits.Length - leftLength);
        int numberBytes = ((int)(rightModulus - 1).GetBitLength() + 7) / 8;
        int drawnBytes = (4 * ((numberBytes + 3) / 4)) + 4;

        // P, the tweak, zeros up to a whole block, the number of the round, one half.
        byte[] message = new byte[AesBlocks.BlockSize + WholeBlocks(tweak.Length + 1 + numberBytes)];
        Ff1Shape.WritePrefix(radix, digits.Length, tweak.Length, message);
        tweak.CopyTo(message.AsSpan(AesBlocks.BlockSize));
        Span<byte> number = message.AsSpan(message.Length - numberBytes);
        byte[] drawn = new byte[WholeBlocks(drawnBytes)];

        BigInteger left = Read(radix, digits[..leftLength]);
        BigInteger right = Read(radix, digits[leftLength..]);
        for (int step = 0; step < Ff1Core.Rounds; step++)
        {
            int round = inverse ? Ff1Core.Rounds - 1 - step : step;
            bool isEven = round % 2 == 0;
            message[^(numberBytes + 1)] = (byte)round;
            BigInteger source = isEven ? right : left;
            number.Clear();
            source.TryWriteBytes(number[(numberBytes - source.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
            Draw(aes, message, drawn);
            BigInteger change = new(drawn.AsSpan(0, drawnBytes), isUnsigned: true, isBigEndian: true);
            if (inverse)
                change = -change;
            if (isEven)
                left = Modulo(left + change, leftModulus);
            else
                right = Modulo(right + change, rightModulus);
        }
        Write(radix, left, output[..leftLength]);
        Write(radix, right, output[leftLength..]);
        CryptographicOperations.ZeroMemory(message);
        CryptographicOperations.ZeroMemory(drawn);
    }

    /// <summary>The CBC-MAC R of the message, then AES(R ⊕ 1), AES(R ⊕ 2), …</summary>
    private static void Draw(IAesBlocks aes, ReadOnlySpan<byte> message, Span<byte> drawn)
    {
        Span<byte> mac = drawn[..AesBlocks.BlockSize];
        mac.Clear();
        aes.CbcMac(mac, message);
        for (int at = AesBlocks.BlockSize; at < drawn.Length; at += AesBlocks.BlockSize)
        {
            Span<byte> block = drawn.Slice(at, AesBlocks.BlockSize);
            mac.CopyTo(block);
            int index = at / AesBlocks.BlockSize;
            block[^1] ^= (byte)index;
            block[^2] ^= (byte)(index >> 8);
        }
        Span<byte> more = drawn[AesBlocks.BlockSize..];
        aes.Encrypt(more, more);
    }

    private static BigInteger Modulo(BigInteger value, BigInteger modulus)
    {
        BigInteger rest = BigInteger.Remainder(value, modulus);
        return rest.Sign < 0 ? rest + modulus : rest;
    }

    private static BigInteger Read(int radix, ReadOnlySpan<ushort> digits)
    {
        BigInteger number = BigInteger.Zero;
        foreach (ushort digit in digits)
            number = (number * radix) + digit;
        return number;
    }

    private static void Write(int radix, BigInteger number, Span<ushort> digits)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            number = BigInteger.DivRem(number, radix, out BigInteger digit);
            digits[i] = (ushort)digit;
        }
    }

    private static int WholeBlocks(int bytes) => (bytes + AesBlocks.BlockSize - 1) / AesBlocks.BlockSize * AesBlocks.BlockSize;
}
