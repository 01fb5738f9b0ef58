using System.Security.Cryptography;
using System.Text;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Keys;

/// <summary>Keys of fields by the published schedule, from a known secret.</summary>
internal static class TokenKeys
{
    private static readonly byte[] s_secret = new byte[32];

    public static FieldKeys Of(string field = "field", int number = 7, int version = 3, string tenant = "default") =>
        new(tenant, number, version, (algorithm, key) => Derive(algorithm, field, version, tenant, key));

    public static byte[] Derive(string algorithm, int length)
    {
        byte[] key = new byte[length];
        Derive(algorithm, "field", 3, "default", key);
        return key;
    }

    /// <summary>The tokenizer of a format under the keys of <see cref="Of"/>.</summary>
    public static ITokenizer Tokenizer(this TokenFormat format) => format.CreateTokenizer(Of());

    private static void Derive(string algorithm, string field, int version, string tenant, Span<byte> key) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        s_secret,
        key,
        Encoding.UTF8.GetBytes(tenant),
        Encoding.UTF8.GetBytes($"opaline/v1/tok/{algorithm}/{field}/{version}"));
}
