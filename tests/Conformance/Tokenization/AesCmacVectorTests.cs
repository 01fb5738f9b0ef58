using System.Text.Json;
using Opaline.Tokenization;

namespace Opaline.Conformance.Tests.Tokenization;

/// <summary>C2SP/wycheproof, aes_cmac_*: of the file of 2026, 311 tests, 63 of them valid.</summary>
public class AesCmacVectorTests
{
    [Fact]
    public void Every_vector_is_accepted_or_refused_as_it_says()
    {
        int valid = 0;
        int refused = 0;
        foreach ((_, JsonElement test) in Vectors.Files("aead", "aes_cmac*.json").SelectMany(Vectors.Wycheproof))
        {
            byte[] key = test.Bytes("key");
            if (key.Length is not (16 or 24 or 32))
            {
                Assert.Throws<ArgumentException>(() => new AesCmac(key));
                Assert.False(test.IsValid());
                refused++;
                continue;
            }
            using AesCmac mac = new(key);
            Assert.True(mac.Verify(test.Bytes("msg"), test.Bytes("tag")) == test.IsValid(), $"Vector {test.Id()}.");
            _ = test.IsValid() ? valid++ : refused++;
        }
        Assert.True(valid >= 63);
        Assert.True(refused >= 311 - 63);
    }
}
