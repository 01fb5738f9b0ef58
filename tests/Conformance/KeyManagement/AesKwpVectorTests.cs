using System.Security.Cryptography;
using System.Text.Json;
using Opaline.KeyManagement;

namespace Opaline.Conformance.Tests.KeyManagement;

/// <summary>C2SP/wycheproof, aes_kwp*: the wrapping of keys above subject pages. The known file has 254 tests, 77 of them valid.</summary>
public class AesKwpVectorTests
{
    [Fact]
    public void Every_vector_is_wrapped_and_opened_or_refused_as_it_says()
    {
        int valid = 0;
        int refused = 0;
        foreach ((_, JsonElement test) in Vectors.Files("aead", "aes_kwp*.json").SelectMany(Vectors.Wycheproof))
        {
            (byte[] key, byte[] message, byte[] wrapped) = (test.Bytes("key"), test.Bytes("msg"), test.Bytes("ct"));
            if (test.IsValid())
            {
                Assert.Equal(test.GetProperty("ct").GetString(), Convert.ToHexStringLower(KeyWrap.Wrap(key, message)));
                using SecretBytes opened = KeyWrap.Unwrap(key, wrapped);
                Assert.Equal(test.GetProperty("msg").GetString(), Convert.ToHexStringLower(opened.Expose()));
                valid++;
            }
            else
            {
                Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(key, wrapped));
                refused++;
            }
        }
        // The known file has these; another one beside it adds to them.
        Assert.True(valid >= 77 && refused >= 177, $"{valid} valid, {refused} refused.");
    }
}
