using System.Security.Cryptography;
using CsCheck;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Wrapping;

public class KeyWrapTests
{
    private static readonly Gen<byte[]> Key = Gen.Byte.Array[32];
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[1, 100];

    [Fact]
    public void What_was_wrapped_opens_under_the_same_parent_and_owner() =>
        Gen.Select(Key, Bytes, Bytes).Sample((parent, owner, secret) =>
        {
            using SecretBytes opened = KeyWrap.UnwrapBound(parent, owner, KeyWrap.WrapBound(parent, owner, secret));
            Assert.Equal(secret, opened.Expose());
        });

    [Fact]
    public void Any_changed_bit_and_any_other_owner_is_noticed() =>
        Gen.Select(Key, Bytes, Bytes, Gen.Int[0, int.MaxValue]).Sample((parent, owner, secret, at) =>
        {
            byte[] wrapped = KeyWrap.WrapBound(parent, owner, secret);
            Assert.ThrowsAny<CryptographicException>(() => KeyWrap.UnwrapBound(parent, [.. owner, 0], wrapped));
            wrapped[at % wrapped.Length] ^= (byte)(1 << (at % 8));
            Assert.ThrowsAny<CryptographicException>(() => KeyWrap.UnwrapBound(parent, owner, wrapped));
        });

    [Fact]
    public void What_is_no_wrapped_key_is_refused()
    {
        for (int length = 0; length < 70; length++)
        {
            byte[] wrapped = RandomNumberGenerator.GetBytes(length);
            Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(new byte[32], wrapped));
        }
    }
}
