using System.Text.Json;
using Opaline.Tokenization;

namespace Opaline.Conformance.Tests.Tokenization;

/// <summary>C2SP/wycheproof, aes_cmac_test.json: 311 tests, 63 of them valid.</summary>
public class AesCmacVectorTests
{
    [Fact]
    public void Every_vector_is_accepted_or_refused_as_it_says()
    {
        int valid = 0;
        int refused = 0;
        foreach ((_, JsonElement test) in Vectors.Wycheproof("aead/aes_cmac_test.json"))
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
        Assert.Equal(63, valid);
        Assert.Equal(311 - 63, refused);
    }
}
