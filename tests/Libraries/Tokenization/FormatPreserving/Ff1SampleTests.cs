using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.FormatPreserving;

/// <summary>NIST's nine samples of FF1, published with SP 800-38G (Cryptographic Standards and Guidelines, "FF1samples.pdf").</summary>
public class Ff1SampleTests
{
    private const string Key128 = "2b7e151628aed2a6abf7158809cf4f3c";
    private const string Key192 = "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f";
    private const string Key256 = "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94";
    private const string TenBytes = "39383736353433323130";
    private const string ElevenBytes = "3737373770717273373737";

    [Theory]
    [InlineData(Key128, 10, "", "0123456789", "2433477484")]
    [InlineData(Key128, 10, TenBytes, "0123456789", "6124200773")]
    [InlineData(Key128, 36, ElevenBytes, "0123456789abcdefghi", "a9tv40mll9kdu509eum")]
    [InlineData(Key192, 10, "", "0123456789", "2830668132")]
    [InlineData(Key192, 10, TenBytes, "0123456789", "2496655549")]
    [InlineData(Key192, 36, ElevenBytes, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr")]
    [InlineData(Key256, 10, "", "0123456789", "6657667009")]
    [InlineData(Key256, 10, TenBytes, "0123456789", "1001623463")]
    [InlineData(Key256, 36, ElevenBytes, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd")]
    public void Sample_encrypts_and_decrypts_as_published(string key, int radix, string tweak, string plaintext, string ciphertext)
    {
        Alphabet alphabet = radix == 10 ? Alphabet.Decimal : Alphabet.Alphanumeric;
        byte[] tweakBytes = Convert.FromHexString(tweak);
        using Ff1 cipher = new(Convert.FromHexString(key), radix);
        ushort[] digits = new ushort[plaintext.Length];
        char[] text = new char[plaintext.Length];

        Assert.True(alphabet.TryRead(plaintext, digits));
        cipher.Encrypt(tweakBytes, digits, digits);
        alphabet.Write(digits, text);
        Assert.Equal(ciphertext, new string(text));

        cipher.Decrypt(tweakBytes, digits, digits);
        alphabet.Write(digits, text);
        Assert.Equal(plaintext, new string(text));
    }
}
