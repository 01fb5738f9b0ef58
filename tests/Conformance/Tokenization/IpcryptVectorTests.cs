using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Opaline.Tokenization;

namespace Opaline.Conformance.Tests.Tokenization;

/// <summary>ipcrypt-std/draft-denis-ipcrypt: in 2026, 16 vectors of pfx and 5 of each other mode. They give the mode's own key.</summary>
public class IpcryptVectorTests
{
    [Fact]
    public void Every_vector_is_encrypted_and_decrypted_as_it_says()
    {
        Dictionary<string, int> checkedOf = [];
        foreach (string file in Vectors.Files("ipcrypt", "*.json"))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Vectors.File(file)));
            foreach (JsonElement test in document.RootElement.EnumerateArray())
            {
                string variant = test.GetProperty("variant").GetString()!;
                Check(variant, test);
                checkedOf[variant] = checkedOf.GetValueOrDefault(variant) + 1;
            }
        }
        Assert.True(checkedOf["ipcrypt-pfx"] >= 16);
        Assert.True(checkedOf["ipcrypt-deterministic"] >= 5);
        Assert.True(checkedOf["ipcrypt-nd"] >= 5);
        Assert.True(checkedOf["ipcrypt-ndx"] >= 5);
    }

    private static void Check(string variant, JsonElement test)
    {
        byte[] key = test.Bytes("key");
        IPAddress address = IPAddress.Parse(test.GetProperty("ip").GetString()!);
        switch (variant)
        {
            case "ipcrypt-deterministic":
                using (IpcryptDeterministic cipher = new(AesBlocks.Create(key)))
                    CheckAddress(test, address, cipher.Encrypt(address), cipher.Decrypt);
                break;
            case "ipcrypt-pfx":
                using (IpcryptPrefix cipher = IpcryptPrefix.UnderModeKey(key))
                    CheckAddress(test, address, cipher.Encrypt(address), cipher.Decrypt);
                break;
            case "ipcrypt-nd":
                foreach (bool native in AesBlocks.HasNative ? (bool[])[true, false] : [false])
                {
                    using IpcryptNd nd = new(new KiasuBlocks(key, native));
                    Assert.Equal(test.Bytes("output"), nd.Encrypt(address, BinaryPrimitives.ReadUInt64BigEndian(test.Bytes("tweak"))));
                    Assert.Equal(address, nd.Decrypt(test.Bytes("output")));
                }
                break;
            case "ipcrypt-ndx":
                using (IpcryptNdx cipher = new(AesBlocks.Create(key.AsSpan(0, 16)), AesBlocks.Create(key.AsSpan(16))))
                {
                    Assert.Equal(test.Bytes("output"), cipher.Encrypt(address, test.Bytes("tweak")));
                    Assert.Equal(address, cipher.Decrypt(test.Bytes("output")));
                }
                break;
            default:
                Assert.Fail($"No test knows the mode '{variant}'.");
                break;
        }
    }

    private static void CheckAddress(JsonElement test, IPAddress address, IPAddress encrypted, Func<IPAddress, IPAddress> decrypt)
    {
        Assert.Equal(IPAddress.Parse(test.GetProperty("encrypted_ip").GetString()!), encrypted);
        Assert.Equal(address, decrypt(encrypted));
    }
}
