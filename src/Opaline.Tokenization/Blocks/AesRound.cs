using System.Runtime.Intrinsics;

namespace Opaline.Tokenization;

/// <summary>
/// Single rounds of AES (FIPS 197, section 5), each as the instruction of the same name on x86, for processors without it. Without tables,
/// whose time could tell the key; slow.
/// </summary>
internal static class AesRound
{
    public static Vector128<byte> Encrypt(Vector128<byte> block, Vector128<byte> key) =>
        Mix(Shift(Map(block, Substitute), 1), 2, 3, 1, 1) ^ key;

    public static Vector128<byte> EncryptLast(Vector128<byte> block, Vector128<byte> key) => Shift(Map(block, Substitute), 1) ^ key;

    public static Vector128<byte> Decrypt(Vector128<byte> block, Vector128<byte> key) =>
        InverseMixColumns(Shift(Map(block, InverseSubstitute), 3)) ^ key;

    public static Vector128<byte> DecryptLast(Vector128<byte> block, Vector128<byte> key) => Shift(Map(block, InverseSubstitute), 3) ^ key;

    public static Vector128<byte> InverseMixColumns(Vector128<byte> block) => Mix(block, 14, 11, 13, 9);

    public static uint SubstituteBytes(uint word) => Map(Vector128.CreateScalar(word).AsByte(), Substitute).AsUInt32().ToScalar();

    private static Vector128<byte> Map(Vector128<byte> block, Func<byte, byte> map)
    {
        Span<byte> bytes = stackalloc byte[AesBlocks.BlockSize];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = map(block[i]);
        return Vector128.Create<byte>(bytes);
    }

    /// <summary>Row r goes left by r times <paramref name="step"/> columns.</summary>
    private static Vector128<byte> Shift(Vector128<byte> block, int step)
    {
        Span<byte> bytes = stackalloc byte[AesBlocks.BlockSize];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = block[(i + (4 * step * (i % 4))) % AesBlocks.BlockSize];
        return Vector128.Create<byte>(bytes);
    }

    /// <summary>Each column times the circulant matrix whose first row is given.</summary>
    private static Vector128<byte> Mix(Vector128<byte> block, byte first, byte second, byte third, byte fourth)
    {
        Span<byte> bytes = stackalloc byte[AesBlocks.BlockSize];
        for (int i = 0; i < bytes.Length; i++)
        {
            int column = i / 4 * 4;
            bytes[i] = (byte)(Multiply(first, block[i])
                ^ Multiply(second, block[column + ((i + 1) % 4)])
                ^ Multiply(third, block[column + ((i + 2) % 4)])
                ^ Multiply(fourth, block[column + ((i + 3) % 4)]));
        }
        return Vector128.Create<byte>(bytes);
    }

    private static byte Substitute(byte value)
    {
        byte inverse = Invert(value);
        return (byte)(inverse ^ byte.RotateLeft(inverse, 1) ^ byte.RotateLeft(inverse, 2)
            ^ byte.RotateLeft(inverse, 3) ^ byte.RotateLeft(inverse, 4) ^ 0x63);
    }

    private static byte InverseSubstitute(byte value) =>
        Invert((byte)(byte.RotateLeft(value, 1) ^ byte.RotateLeft(value, 3) ^ byte.RotateLeft(value, 6) ^ 0x05));

    /// <summary>The inverse in GF(2^8), and 0 of 0: the 254th power.</summary>
    private static byte Invert(byte value)
    {
        byte power = 1;
        for (int i = 0; i < 7; i++)
        {
            value = Multiply(value, value);
            power = Multiply(power, value);
        }
        return power;
    }

    private static byte Multiply(byte left, byte right)
    {
        int product = 0;
        int shifted = left;
        for (int bit = 0; bit < 8; bit++)
        {
            product ^= shifted & -((right >> bit) & 1);
            shifted = (shifted << 1) ^ ((shifted >> 7) * 0x11b);
        }
        return (byte)product;
    }
}
