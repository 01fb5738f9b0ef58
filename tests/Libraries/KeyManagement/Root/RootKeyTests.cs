using System.Security.Cryptography;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root;

public sealed class RootKeyTests : IDisposable
{
    private static readonly byte[] Purpose = "a test"u8.ToArray();

    private readonly TemporaryFolder _folder = new();

    private string KeyFile => Path.Combine(_folder.Path, "keys", "root.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void First_start_on_loopback_makes_a_file_for_the_owner_only_and_warns()
    {
        using RootKey key = RootKey.Open(Options());
        Assert.Contains("OPALINE_KEY_PASSPHRASE_FILE", key.Warning, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(KeyFile)!));
        }
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(KeyFile)!));
    }

    [Fact]
    public void Key_is_the_same_after_a_restart()
    {
        byte[] box;
        using (RootKey key = RootKey.Open(Options()))
            box = key.Seal("secret"u8, Purpose);
        using RootKey again = RootKey.Open(Options());
        Assert.Equal("secret"u8, again.Unseal(box, Purpose));
    }

    [Fact]
    public void Outside_loopback_an_unsealed_key_is_refused_even_if_it_is_there()
    {
        using (RootKey.Open(Options()))
        {
        }
        KeyUnavailableException refused = Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options(loopback: false)));
        Assert.Contains("OPALINE_KEY_PASSPHRASE_FILE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_loopback_nothing_is_made_without_a_passphrase()
    {
        Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options(loopback: false)));
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public void Passphrase_seals_the_key_and_opens_it_again()
    {
        string passphrase = Passphrase("correct horse battery");
        byte[] box;
        using (RootKey key = RootKey.Open(Options(passphrase, loopback: false)))
        {
            Assert.Null(key.Warning);
            box = key.Seal("secret"u8, Purpose);
        }
        // A line break at the end of the file does not belong to the passphrase.
        using RootKey again = RootKey.Open(Options(Passphrase("correct horse battery\n"), loopback: false));
        Assert.Equal("secret"u8, again.Unseal(box, Purpose));
    }

    [Fact]
    public void Wrong_passphrase_is_refused_and_the_file_stays()
    {
        using (RootKey.Open(Options(Passphrase("correct horse battery"))))
        {
        }
        byte[] before = File.ReadAllBytes(KeyFile);
        Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options(Passphrase("incorrect horse battery"))));
        Assert.Equal(before, File.ReadAllBytes(KeyFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("\n\n\n\n\n\n\n\n\n\n\n\n\n\n")]
    public void Weak_passphrase_is_refused(string passphrase) =>
        Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options(Passphrase(passphrase))));

    [Fact]
    public void Missing_passphrase_file_is_refused_with_its_name()
    {
        KeyUnavailableException refused = Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options(_folder.File("absent"))));
        Assert.Contains("absent", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sealed_key_without_passphrase_is_refused()
    {
        using (RootKey.Open(Options(Passphrase("correct horse battery"))))
        {
        }
        Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options()));
    }

    [Fact]
    public void Unsealed_key_is_sealed_in_place_once_there_is_a_passphrase()
    {
        byte[] box;
        byte[] clear;
        using (RootKey key = RootKey.Open(Options()))
        {
            box = key.Seal("secret"u8, Purpose);
            clear = File.ReadAllBytes(KeyFile)[6..38];
        }
        using RootKey again = RootKey.Open(Options(Passphrase("correct horse battery")));
        Assert.Equal("secret"u8, again.Unseal(box, Purpose));
        Assert.NotNull(again.Warning);
        Assert.Equal(-1, File.ReadAllBytes(KeyFile).AsSpan().IndexOf(clear));
    }

    [Fact]
    public void Damaged_file_is_refused_and_never_replaced()
    {
        using (RootKey.Open(Options()))
        {
        }
        byte[] content = File.ReadAllBytes(KeyFile);
        for (int i = 0; i < content.Length; i++)
        {
            byte[] damaged = [.. content];
            damaged[i] ^= 1;
            File.WriteAllBytes(KeyFile, damaged);
            Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options()));
            Assert.Equal(damaged, File.ReadAllBytes(KeyFile));
        }
        File.WriteAllBytes(KeyFile, []);
        Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options()));
    }

    [Fact]
    public void Damaged_sealed_file_is_refused()
    {
        string passphrase = Passphrase("correct horse battery");
        using (RootKey.Open(Options(passphrase)))
        {
        }
        byte[] content = File.ReadAllBytes(KeyFile);
        // Header, salt, cost (too much of it), box, and a cut: each would cost one Argon2id, so not every byte.
        foreach (int at in (int[])[0, 5, 10, 22, 40, content.Length - 1])
        {
            byte[] damaged = [.. content];
            damaged[at] ^= 0x40;
            File.WriteAllBytes(KeyFile, damaged);
            Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options(passphrase)));
        }
        File.WriteAllBytes(KeyFile, content[..^1]);
        Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options(passphrase)));
    }

    [Fact]
    public void File_that_others_may_read_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using (RootKey.Open(Options()))
        {
        }
#pragma warning disable CA1416 // Skipped on Windows above.
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
#pragma warning restore CA1416
        KeyUnavailableException refused = Assert.Throws<KeyUnavailableException>(() => RootKey.Open(Options()));
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Disposed_key_seals_nothing()
    {
        RootKey key = RootKey.Open(Options());
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Seal("secret"u8, Purpose));
    }

    [Fact]
    public void Two_installations_have_different_keys()
    {
        using RootKey one = RootKey.Open(Options());
        using TemporaryFolder other = new();
        using RootKey two = RootKey.Open(new KeyOptions { Folder = other.File("keys") });
        Assert.ThrowsAny<CryptographicException>(() => two.Unseal(one.Seal("secret"u8, Purpose), Purpose));
    }

    private KeyOptions Options(string? passphraseFile = null, bool loopback = true) =>
        new() { Folder = Path.GetDirectoryName(KeyFile)!, PassphraseFile = passphraseFile, LoopbackOnly = loopback };

    private string Passphrase(string passphrase)
    {
        string path = _folder.File("passphrase");
        File.WriteAllText(path, passphrase);
        return path;
    }
}
