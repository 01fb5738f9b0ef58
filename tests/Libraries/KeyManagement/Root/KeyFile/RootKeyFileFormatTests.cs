using System.Security.Cryptography;
using CsCheck;
using Opaline.KeyManagement;
using Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyFile;

public class RootKeyFileFormatTests
{
    [Fact]
    public void A_clear_file_is_read_as_it_was_written()
    {
        using RootKeyFileContent content = RootKeyFileContent.New().Rotate().Rotate().Destroy(1);
        using RootKeyFileContent read = RootKeyFileFormat.ReadClear(RootKeyFileFormat.WriteClear(content));
        Assert.Equal(content.Id, read.Id);
        Assert.Equal(content.Versions.All, read.Versions.All);
        Assert.Equal(content.Key(2).Expose(), read.Key(2).Expose());
        Assert.Equal(content.Key(3).Expose(), read.Key(3).Expose());
        Assert.Throws<KeyUnavailableException>(() => read.Key(1));
    }

    [Fact]
    public void Whatever_a_clear_file_holds_only_the_typed_error_comes_out()
    {
        using RootKeyFileContent content = RootKeyFileContent.New().Rotate();
        byte[] sound = RootKeyFileFormat.WriteClear(content);
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length], Gen.Bool, Gen.Byte.Array[0, 40]).Sample(
            (at, change, length, @checked, tail) =>
            {
                byte[] file = [.. sound];
                file[at] ^= change;
                file = [.. file[..length], .. tail];
                // A forger can compute the check, too.
                if (@checked && file.Length >= 8)
                    SHA256.HashData(file.AsSpan(0, file.Length - 8)).AsSpan(0, 8).CopyTo(file.AsSpan(file.Length - 8));
                KeyServiceAnswerTests.Typed(() => RootKeyFileFormat.ReadClear(file).Dispose());
            },
            iter: LongRuns.Times(20_000, 50));
    }

    [Fact]
    public void Whatever_the_content_holds_only_the_typed_error_comes_out() =>
        Gen.Select(Gen.Byte.Array[0, 120], Gen.Byte[0, 4], Gen.Byte.Array[8], Gen.Byte.Array[32], Gen.Byte[0, 5], Gen.Byte[0, 5]).Sample(
            (junk, count, id, key, first, second) =>
            {
                KeyServiceAnswerTests.Typed(() => RootKeyFileContent.Parse(junk).Dispose());
                KeyServiceAnswerTests.Typed(() => RootKeyFileContent.Parse([.. id, 0, count, first, .. key, second, .. key]).Dispose());
            },
            iter: LongRuns.Times(10_000, 50));

    [Fact]
    public void A_sealed_file_of_another_form_is_refused_before_its_passphrase_costs_anything()
    {
        using SecretBytes passphrase = SecretBytes.TakeFrom("correct horse battery"u8.ToArray());
        using RootKeyFileContent content = RootKeyFileContent.New();
        byte[] sound = RootKeyFileFormat.WriteSealed(content, passphrase);
        using (RootKeyFileContent read = RootKeyFileFormat.ReadSealed(sound, passphrase))
            Assert.Equal(content.Key(1).Expose(), read.Key(1).Expose());
        foreach (int length in (int[])[0, 5, 6, 22, 30, 58])
            Refused(sound[..length]);
        // Costs that no version of this code writes: no memory, and more than there is.
        Refused([.. sound[..22], 0, 0, 0, 0, .. sound[26..]]);
        Refused([.. sound[..22], 0x7f, 0xff, 0xff, 0xff, .. sound[26..]]);
        Refused([.. sound[..26], 0x7f, 0xff, 0xff, 0xff, .. sound[30..]]);

        void Refused(byte[] file) =>
            Assert.Equal(KeyFailure.Malformed, Assert.Throws<KeyUnavailableException>(() => RootKeyFileFormat.ReadSealed(file, passphrase)).Failure);
    }
}
