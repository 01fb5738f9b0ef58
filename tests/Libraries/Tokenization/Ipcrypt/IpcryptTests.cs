using System.Net;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using CsCheck;
using Opaline.Tokenization;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Opaline.Libraries.Tests.Tokenization.Ipcrypt;

public class IpcryptTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static readonly Gen<IPAddress> Address = Gen.Frequency(
        (1, Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes))),
        (1, Gen.Byte.Array[16].Select(bytes => new IPAddress(bytes))));

    [Fact]
    public void Every_mode_decrypts_what_it_encrypted()
    {
        using IpcryptDeterministic deterministic = new(Key);
        using IpcryptPrefix prefix = new(Key);
        using IpcryptNd nd = new(Key);
        using IpcryptNdx ndx = new(Key);
        Address.Sample(address =>
        {
            Assert.Equal(address, deterministic.Decrypt(deterministic.Encrypt(address)));
            Assert.Equal(address, prefix.Decrypt(prefix.Encrypt(address)));
            Assert.Equal(address, nd.Decrypt(nd.Encrypt(address)));
            Assert.Equal(address, ndx.Decrypt(ndx.Encrypt(address)));
        }, iter: 2_000);
    }

    [Fact]
    public void Prefixes_are_shared_by_exactly_as_many_bits_as_before()
    {
        using IpcryptPrefix cipher = new(Key);
        Gen<(UInt128, UInt128)> six = Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 127], Gen.ULong)
            .Select((high, low, at, tail) => (new UInt128(high | (1ul << 63), low), new UInt128(high | (1ul << 63), low) ^ (Tail(tail, at) >> 1)));
        Gen<(UInt128, UInt128)> four = Gen.Select(Gen.UInt, Gen.UInt).Select((one, other) => (Four(one), Four(other)));
        Gen.Frequency((1, six), (1, four)).Sample((one, other) =>
            Assert.Equal(UInt128.LeadingZeroCount(one ^ other), UInt128.LeadingZeroCount(cipher.Encrypt(one) ^ cipher.Encrypt(other))),
            iter: 2_000);

        static UInt128 Four(uint bits) => ((UInt128)0xffff << 32) | bits;
        static UInt128 Tail(ulong bits, int at) => new UInt128(bits | (1ul << 63), bits) >> at;
    }

    [Fact]
    public void Ipv4_stays_ipv4_where_prefixes_are_kept()
    {
        using IpcryptPrefix cipher = new(Key);
        Gen.Byte.Array[4].Sample(bytes =>
        {
            IPAddress address = new(bytes);
            Assert.Equal(address.AddressFamily, cipher.Encrypt(address).AddressFamily);
            Assert.Equal(cipher.Encrypt(address), cipher.Encrypt(address.MapToIPv6()));
        });
    }

    [Fact]
    public void Equal_addresses_differ_under_random_tweaks()
    {
        using IpcryptNd nd = new(Key);
        using IpcryptNdx ndx = new(Key);
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => Convert.ToHexString(nd.Encrypt(IPAddress.Loopback).AsSpan(8))).Distinct().Count());
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => Convert.ToHexString(ndx.Encrypt(IPAddress.Loopback).AsSpan(16))).Distinct().Count());
    }

    /// <summary>
    /// The mode's key is HKDF-Expand of the key with the mode's name: so each mode agrees with itself under that key, and modes do not
    /// share one.
    /// </summary>
    [Fact]
    public void Modes_have_keys_of_their_own()
    {
        IPAddress address = IPAddress.Parse("192.0.2.1");
        using IpcryptDeterministic deterministic = new(Key);
        using IpcryptDeterministic alone = new(AesBlocks.Create(Subkey("ipcrypt-deterministic", 16)));
        Assert.Equal(alone.Encrypt(address), deterministic.Encrypt(address));
        using IpcryptPrefix prefix = new(Key);
        using IpcryptPrefix prefixAlone = IpcryptPrefix.UnderModeKey(Subkey("ipcrypt-pfx", 32));
        Assert.Equal(prefixAlone.Encrypt(address), prefix.Encrypt(address));
        using IpcryptNd nd = new(Key);
        using IpcryptNd ndAlone = new(new KiasuBlocks(Subkey("ipcrypt-nd", 16)));
        Assert.Equal(address, ndAlone.Decrypt(nd.Encrypt(address)));
        using IpcryptNdx ndx = new(Key);
        byte[] ndxKey = Subkey("ipcrypt-ndx", 32);
        using IpcryptNdx ndxAlone = new(AesBlocks.Create(ndxKey.AsSpan(0, 16)), AesBlocks.Create(ndxKey.AsSpan(16)));
        Assert.Equal(address, ndxAlone.Decrypt(ndx.Encrypt(address)));
    }

    [Fact]
    public void Equal_halves_of_a_prefix_key_are_refused() =>
        Assert.Throws<ArgumentException>(() => IpcryptPrefix.UnderModeKey([.. Key.AsSpan(0, 16), .. Key.AsSpan(0, 16)]));

    [Fact]
    public void Inputs_of_another_length_are_refused()
    {
        Assert.Throws<ArgumentException>("key", () => new IpcryptDeterministic(new byte[16]));
        Assert.Throws<ArgumentException>("key", () => new IpcryptPrefix(new byte[31]));
        Assert.Throws<ArgumentException>("key", () => new IpcryptNd(new byte[16]));
        Assert.Throws<ArgumentException>("key", () => new IpcryptNdx(new byte[64]));
        using IpcryptNd nd = new(Key);
        using IpcryptNdx ndx = new(Key);
        Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            if (bytes.Length != IpcryptNd.OutputSize)
                Assert.Throws<ArgumentException>("encrypted", () => nd.Decrypt(bytes));
            if (bytes.Length != IpcryptNdx.OutputSize)
                Assert.Throws<ArgumentException>("encrypted", () => ndx.Decrypt(bytes));
        });
    }

    [Fact]
    public void Processor_and_plain_rounds_agree()
    {
        Assert.SkipUnless(AesBlocks.HasNative, "This processor has no AES instructions.");
        Gen.Select(Gen.Byte.Array[16], Gen.ULong, Gen.ULong, Gen.ULong).Sample((key, high, low, tweak) =>
        {
            UInt128 block = new(high, low);
            using KiasuBlocks native = new(key, native: true);
            using KiasuBlocks plain = new(key, native: false);
            Assert.Equal(native.Encrypt(block, tweak), plain.Encrypt(block, tweak));
            Assert.Equal(native.Decrypt(block, tweak), plain.Decrypt(block, tweak));
            Assert.Equal(block, plain.Decrypt(plain.Encrypt(block, tweak), tweak));
        });
        for (uint word = 0; word < 256; word++)
        {
            uint expected = X86Aes.KeygenAssist(
                Vector128.Create(0, word * 0x01010101, 0, 0).AsByte(), 0).AsUInt32()[0];
            Assert.Equal(expected, AesRound.SubstituteBytes(word * 0x01010101));
        }
    }

    private static byte[] Subkey(string mode, int size) =>
        HKDF.Expand(HashAlgorithmName.SHA256, Key, size, System.Text.Encoding.ASCII.GetBytes(mode));
}
