using System.Security.Cryptography;
using CsCheck;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Wrapping;

public class SealedBoxTests
{
    private static readonly Gen<byte[]> Key = Gen.Byte.Array[SealedBox.KeySize];
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 200];

    [Fact]
    public void What_was_sealed_opens_under_the_same_key_and_data() =>
        Gen.Select(Key, Bytes, Bytes).Sample((key, plaintext, data) =>
        {
            byte[] box = SealedBox.Seal(key, plaintext, data);
            Assert.Equal(plaintext.Length + SealedBox.Overhead, box.Length);
            Assert.Equal(plaintext, SealedBox.Open(key, box, data));
        });

    [Fact]
    public void Any_changed_bit_is_noticed() =>
        Gen.Select(Key, Bytes, Bytes, Gen.Int[0, int.MaxValue]).Sample((key, plaintext, data, at) =>
        {
            byte[] box = SealedBox.Seal(key, plaintext, data);
            box[at % box.Length] ^= (byte)(1 << (at % 8));
            Assert.ThrowsAny<CryptographicException>(() => SealedBox.Open(key, box, data));
        });

    [Fact]
    public void Another_key_or_other_data_opens_nothing() =>
        Gen.Select(Key, Key, Bytes, Bytes, Bytes).Sample((key, otherKey, plaintext, data, otherData) =>
        {
            byte[] box = SealedBox.Seal(key, plaintext, data);
            if (!key.SequenceEqual(otherKey))
                Assert.ThrowsAny<CryptographicException>(() => SealedBox.Open(otherKey, box, data));
            if (!data.SequenceEqual(otherData))
                Assert.ThrowsAny<CryptographicException>(() => SealedBox.Open(key, box, otherData));
        });

    [Fact]
    public void Short_or_empty_boxes_are_refused()
    {
        byte[] key = new byte[SealedBox.KeySize];
        byte[] box = SealedBox.Seal(key, [], []);
        for (int length = 0; length < box.Length; length++)
            Assert.ThrowsAny<CryptographicException>(() => SealedBox.Open(key, box.AsSpan(0, length), []));
    }

    [Fact]
    public void Sealing_twice_gives_two_boxes()
    {
        byte[] key = new byte[SealedBox.KeySize];
        Assert.NotEqual(SealedBox.Seal(key, "same"u8, []), SealedBox.Seal(key, "same"u8, []));
    }

    [Fact]
    public void Whatever_is_opened_only_the_typed_error_comes_out() =>
        Gen.Select(Key, Gen.Byte.Array[0, 60], Bytes, Gen.Bool).Sample(
            (key, junk, data, versioned) =>
            {
                if (versioned && junk.Length > 0)
                    junk[0] = 1;
                try
                {
                    SealedBox.Open(key, junk, data);
                    Assert.Fail("Random bytes opened.");
                }
                catch (CryptographicException)
                {
                    // The one that is allowed.
                }
            },
            iter: LongRuns.Times(20_000, 50));

    [Fact]
    public void Opening_to_a_place_of_another_size_is_refused()
    {
        byte[] key = new byte[SealedBox.KeySize];
        byte[] box = SealedBox.Seal(key, "same"u8, []);
        byte[] four = new byte[4];
        SealedBox.Open(key, box, [], four);
        Assert.Equal("same"u8, four);
        Assert.Throws<ArgumentException>(() => SealedBox.Open(key, box, [], new byte[5]));
    }

    [Fact]
    public void One_key_made_ready_seals_and_opens_many_boxes_as_each_is_by_itself() =>
        Gen.Select(Key, Bytes.Array[1, 5], Bytes).Sample((key, plaintexts, data) =>
        {
            using BoxKey ready = new(key);
            foreach (byte[] plaintext in plaintexts)
            {
                Assert.Equal(plaintext, SealedBox.Open(key, ready.Seal(plaintext, data), data));
                byte[] opened = new byte[plaintext.Length];
                ready.Open(SealedBox.Seal(key, plaintext, data), data, opened);
                Assert.Equal(plaintext, opened);
                Assert.NotEqual(ready.Seal(plaintext, data), ready.Seal(plaintext, data));
            }
        });

    [Fact]
    public void A_key_of_another_length_is_refused()
    {
        foreach (int length in (int[])[0, 16, 24, 31, 33])
            Assert.Throws<ArgumentException>(() => new BoxKey(new byte[length]));
    }
}
