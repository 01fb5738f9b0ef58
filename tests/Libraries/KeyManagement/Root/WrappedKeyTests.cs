using CsCheck;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root;

public class WrappedKeyTests
{
    private static readonly Gen<string> Text = Gen.String[1, 40].Where(t => !t.Any(char.IsSurrogate));
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[1, 60];

    [Fact]
    public void What_was_written_is_read_again() =>
        Gen.Select(Text, Text, Bytes).Sample((keyId, version, ciphertext) =>
        {
            WrappedKey read = WrappedKey.Parse(new WrappedKey(keyId, version, ciphertext).ToBytes());
            Assert.Equal((keyId, version), (read.KeyId, read.Version));
            Assert.Equal(ciphertext, read.Ciphertext.ToArray());
        });

    [Fact]
    public void Every_cut_of_the_header_is_refused()
    {
        byte[] stored = new WrappedKey("file:1", "2", new byte[] { 3 }).ToBytes();
        for (int length = 0; length < stored.Length; length++)
            Assert.Equal(KeyFailure.Malformed, Assert.Throws<KeyUnavailableException>(() => WrappedKey.Parse(stored.AsSpan(0, length))).Failure);
        Assert.Throws<KeyUnavailableException>(() => WrappedKey.Parse(new byte[WrappedKey.MaxSize + 1]));
    }

    [Fact]
    public void Parts_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new WrappedKey("", "1", new byte[1]));
        Assert.Throws<ArgumentException>(() => new WrappedKey("k", "", new byte[1]));
        Assert.Throws<ArgumentException>(() => new WrappedKey("k", "1", default));
        Assert.Throws<ArgumentException>(() => new WrappedKey(new string('k', 2_049), "1", new byte[1]));
        Assert.Throws<ArgumentException>(() => new WrappedKey("k", new string('1', 2_049), new byte[1]));
        Assert.Throws<ArgumentException>(() => new WrappedKey("k", "1", new byte[WrappedKey.MaxSize]));
    }

    [Fact]
    public void Whatever_is_stored_only_the_typed_error_comes_out() =>
        Gen.Select(Text, Text, Bytes, Gen.Byte.Array[0, 40], Gen.Int[0, 200], Gen.Byte).Sample(
            (keyId, version, ciphertext, junk, at, change) =>
            {
                byte[] stored = at % 4 == 0 ? junk : new WrappedKey(keyId, version, ciphertext).ToBytes();
                if (stored.Length > 0)
                    stored[at % stored.Length] ^= change;
                KeyServices.KeyServiceAnswerTests.Typed(() => WrappedKey.Parse(stored));
            },
            iter: LongRuns.Times(20_000, 50));
}
