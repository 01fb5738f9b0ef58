using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyFile;

public sealed class RootKeyFileTests : IDisposable
{
    private static readonly KeyContext Purpose = new("a test");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();

    private string KeyFile => Path.Combine(_folder.Path, "keys", "root.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void First_start_on_loopback_makes_a_file_for_the_owner_only_and_warns()
    {
        using RootKeyFile key = RootKeyFile.Open(Options());
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
    public async Task Key_is_the_same_after_a_restart()
    {
        WrappedKey box;
        using (RootKeyFile key = RootKeyFile.Open(Options()))
            box = await SealAsync(key);
        using RootKeyFile again = RootKeyFile.Open(Options());
        Assert.Equal("secret", await OpenAsync(again, box));
    }

    [Fact]
    public void Outside_loopback_an_unsealed_key_is_refused_even_if_it_is_there()
    {
        using (RootKeyFile.Open(Options()))
        {
        }
        KeyUnavailableException refused = Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options(loopback: false)));
        Assert.Contains("OPALINE_KEY_PASSPHRASE_FILE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_loopback_nothing_is_made_without_a_passphrase()
    {
        Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options(loopback: false)));
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public async Task Passphrase_seals_the_key_and_opens_it_again()
    {
        string passphrase = Passphrase("correct horse battery");
        WrappedKey box;
        using (RootKeyFile key = RootKeyFile.Open(Options(passphrase, loopback: false)))
        {
            Assert.Null(key.Warning);
            box = await SealAsync(key);
        }
        // A line break at the end of the file does not belong to the passphrase.
        using RootKeyFile again = RootKeyFile.Open(Options(Passphrase("correct horse battery\n"), loopback: false));
        Assert.Equal("secret", await OpenAsync(again, box));
    }

    [Fact]
    public void Wrong_passphrase_is_refused_and_the_file_stays()
    {
        using (RootKeyFile.Open(Options(Passphrase("correct horse battery"))))
        {
        }
        byte[] before = File.ReadAllBytes(KeyFile);
        Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options(Passphrase("incorrect horse battery"))));
        Assert.Equal(before, File.ReadAllBytes(KeyFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("\n\n\n\n\n\n\n\n\n\n\n\n\n\n")]
    public void Weak_passphrase_is_refused(string passphrase) =>
        Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options(Passphrase(passphrase))));

    [Fact]
    public void Missing_passphrase_file_is_refused_with_its_name()
    {
        KeyUnavailableException refused = Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options(_folder.File("absent"))));
        Assert.Contains("absent", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sealed_key_without_passphrase_is_refused()
    {
        using (RootKeyFile.Open(Options(Passphrase("correct horse battery"))))
        {
        }
        Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options()));
    }

    [Fact]
    public async Task Unsealed_key_is_sealed_in_place_once_there_is_a_passphrase()
    {
        WrappedKey box;
        byte[] clear;
        using (RootKeyFile key = RootKeyFile.Open(Options()))
        {
            box = await SealAsync(key);
            clear = File.ReadAllBytes(KeyFile)[17..49];
        }
        using RootKeyFile again = RootKeyFile.Open(Options(Passphrase("correct horse battery")));
        Assert.Equal("secret", await OpenAsync(again, box));
        Assert.NotNull(again.Warning);
        Assert.Equal(-1, File.ReadAllBytes(KeyFile).AsSpan().IndexOf(clear));
    }

    [Fact]
    public void Damaged_file_is_refused_and_never_replaced()
    {
        using (RootKeyFile.Open(Options()))
        {
        }
        byte[] content = File.ReadAllBytes(KeyFile);
        for (int i = 0; i < content.Length; i++)
        {
            byte[] damaged = [.. content];
            damaged[i] ^= 1;
            File.WriteAllBytes(KeyFile, damaged);
            Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options()));
            Assert.Equal(damaged, File.ReadAllBytes(KeyFile));
        }
        File.WriteAllBytes(KeyFile, []);
        Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options()));
    }

    [Fact]
    public void Damaged_sealed_file_is_refused()
    {
        string passphrase = Passphrase("correct horse battery");
        using (RootKeyFile.Open(Options(passphrase)))
        {
        }
        byte[] content = File.ReadAllBytes(KeyFile);
        // Header, salt, cost (too much of it), box, and a cut: each would cost one Argon2id, so not every byte.
        foreach (int at in (int[])[0, 5, 10, 22, 40, content.Length - 1])
        {
            byte[] damaged = [.. content];
            damaged[at] ^= 0x40;
            File.WriteAllBytes(KeyFile, damaged);
            Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options(passphrase)));
        }
        File.WriteAllBytes(KeyFile, content[..^1]);
        Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options(passphrase)));
    }

    [Fact]
    public void File_that_others_may_read_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using (RootKeyFile.Open(Options()))
        {
        }
#pragma warning disable CA1416 // Skipped on Windows above.
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
#pragma warning restore CA1416
        KeyUnavailableException refused = Assert.Throws<KeyUnavailableException>(() => RootKeyFile.Open(Options()));
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposed_key_seals_nothing()
    {
        RootKeyFile key = RootKeyFile.Open(Options());
        key.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => SealAsync(key));
    }

    [Fact]
    public async Task Two_installations_have_different_keys()
    {
        using RootKeyFile one = RootKeyFile.Open(Options());
        using TemporaryFolder other = new();
        using RootKeyFile two = RootKeyFile.Open(new RootKeyFileOptions { Folder = other.File("keys") });
        WrappedKey box = await SealAsync(one);
        KeyUnavailableException refused = await Assert.ThrowsAsync<KeyUnavailableException>(() => OpenAsync(two, box));
        Assert.Equal(KeyFailure.DoesNotOpen, refused.Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotated_key_opens_what_older_versions_wrapped_until_they_are_destroyed(bool @sealed)
    {
        string? passphrase = @sealed ? Passphrase("correct horse battery") : null;
        WrappedKey first;
        WrappedKey second;
        using (RootKeyFile key = RootKeyFile.Open(Options(passphrase)))
        {
            first = await SealAsync(key);
            Assert.Equal(new RootKeyVersion("2", KeyState.Primary), await key.RotateAsync(Cancel));
            second = await SealAsync(key);
            Assert.Equal(("1", "2"), (first.Version, second.Version));
        }
        using (RootKeyFile again = RootKeyFile.Open(Options(passphrase)))
        {
            Assert.Equal("secret", await OpenAsync(again, first));
            Assert.Equal(KeyState.DecodeOnly, (await again.StateAsync("1", Cancel)).State);
            Assert.Equal(KeyState.Destroyed, (await again.ScheduleDestroyAsync("1", Cancel)).State);
            Assert.Equal(KeyState.Destroyed, (await again.ScheduleDestroyAsync("1", Cancel)).State);
            await RefusedAsync(KeyFailure.Destroyed, () => OpenAsync(again, first));
        }
        using RootKeyFile last = RootKeyFile.Open(Options(passphrase));
        Assert.Equal("secret", await OpenAsync(last, second));
        await RefusedAsync(KeyFailure.Destroyed, () => OpenAsync(last, first));
        await RefusedAsync(KeyFailure.InUse, () => last.ScheduleDestroyAsync("2", Cancel));
        await RefusedAsync(KeyFailure.NotThere, () => last.StateAsync("3", Cancel));
        await RefusedAsync(KeyFailure.NotThere, () => last.StateAsync("two", Cancel));
    }

    [Fact]
    public async Task Destroyed_version_leaves_the_file()
    {
        using RootKeyFile key = RootKeyFile.Open(Options());
        byte[] first = File.ReadAllBytes(KeyFile)[17..49];
        await key.RotateAsync(Cancel);
        Assert.NotEqual(-1, File.ReadAllBytes(KeyFile).AsSpan().IndexOf(first));
        await key.ScheduleDestroyAsync("1", Cancel);
        Assert.Equal(-1, File.ReadAllBytes(KeyFile).AsSpan().IndexOf(first));
    }

    [Fact]
    public async Task Rotation_that_cannot_be_written_changes_nothing()
    {
        string passphrase = Passphrase("correct horse battery");
        using RootKeyFile key = RootKeyFile.Open(Options(passphrase));
        WrappedKey box = await SealAsync(key);
        File.Delete(passphrase);
        await RefusedAsync(KeyFailure.Configuration, () => key.RotateAsync(Cancel));
        Assert.Equal("1", (await SealAsync(key)).Version);
        Assert.Equal("secret", await OpenAsync(key, box));
    }

    [Fact]
    public async Task Key_wrapped_for_one_purpose_tenant_or_version_does_not_open_as_another()
    {
        using RootKeyFile key = RootKeyFile.Open(Options());
        using SecretBytes secret = SecretBytes.Random(32);
        WrappedKey wrapped = await key.WrapAsync(secret, new KeyContext("tenant-keys", "acme", 1), Cancel);
        foreach (KeyContext other in (KeyContext[])[new("tenant-keys", "globex", 1), new("tenant-keys", "acme", 2), new("signing-key", "acme", 1), new("tenant-keysacme", "", 1)])
            await RefusedAsync(KeyFailure.DoesNotOpen, () => key.UnwrapAsync(wrapped, other, Cancel));
        using SecretBytes opened = await key.UnwrapAsync(wrapped, new KeyContext("tenant-keys", "acme", 1), Cancel);
        Assert.Equal(secret.Expose(), opened.Expose());
    }

    private static async Task RefusedAsync(KeyFailure failure, Func<Task> act) =>
        Assert.Equal(failure, (await Assert.ThrowsAsync<KeyUnavailableException>(act)).Failure);

    private static async Task<WrappedKey> SealAsync(RootKeyFile key)
    {
        using SecretBytes secret = SecretBytes.TakeFrom("secret"u8.ToArray());
        return await key.WrapAsync(secret, Purpose, Cancel);
    }

    private static async Task<string> OpenAsync(RootKeyFile key, WrappedKey box)
    {
        using SecretBytes secret = await key.UnwrapAsync(box, Purpose, Cancel);
        return System.Text.Encoding.UTF8.GetString(secret.Expose());
    }

    private RootKeyFileOptions Options(string? passphraseFile = null, bool loopback = true) =>
        new() { Folder = Path.GetDirectoryName(KeyFile)!, PassphraseFile = passphraseFile, LoopbackOnly = loopback };

    private string Passphrase(string passphrase)
    {
        string path = _folder.File("passphrase");
        File.WriteAllText(path, passphrase);
        return path;
    }
}
