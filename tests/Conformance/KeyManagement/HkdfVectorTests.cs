using System.Security.Cryptography;
using System.Text.Json;

namespace Opaline.Conformance.Tests.KeyManagement;

/// <summary>C2SP/wycheproof, hkdf_sha256*: that the platform's HKDF, which scope secrets are derived by, is RFC 5869's.</summary>
public class HkdfVectorTests
{
    [Fact]
    public void Every_vector_is_derived_or_refused_as_it_says()
    {
        int valid = 0;
        int refused = 0;
        foreach ((_, JsonElement test) in Vectors.Files("aead", "hkdf_sha256*.json").SelectMany(Vectors.Wycheproof))
        {
            byte[] Derive() =>
                HKDF.DeriveKey(HashAlgorithmName.SHA256, test.Bytes("ikm"), test.GetProperty("size").GetInt32(), test.Bytes("salt"), test.Bytes("info"));
            if (test.IsValid())
            {
                Assert.True(Derive().AsSpan().SequenceEqual(test.Bytes("okm")), $"Vector {test.Id()}.");
                valid++;
            }
            else
            {
                Assert.ThrowsAny<ArgumentException>(Derive);
                refused++;
            }
        }
        // The known file has these; another one beside it adds to them.
        Assert.True(valid >= 83 && refused >= 3, $"{valid} valid, {refused} refused.");
    }
}
