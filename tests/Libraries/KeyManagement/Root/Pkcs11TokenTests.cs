using System.Diagnostics;
using System.Runtime.InteropServices;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root;

/// <summary>A root key in SoftHSM2, where it is installed.</summary>
public sealed class Pkcs11TokenTests : IDisposable
{
    private const string Library = "/usr/lib/softhsm/libsofthsm2.so";
    private static readonly KeyContext Acme = new("tenant-keys", "acme", 1);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Keys_in_a_token_wrap_rotate_and_end_as_everywhere()
    {
        Pkcs11TokenOptions options = Token("1234");
        using Pkcs11Token root = Pkcs11Token.Open(options);
        using SecretBytes secret = SecretBytes.Random(96);
        await RefusedAsync(KeyFailure.NotThere, () => root.WrapAsync(secret, Acme, Cancel));
        Assert.Equal(new RootKeyVersion("1", KeyState.Primary), await root.RotateAsync(Cancel));

        WrappedKey first = await root.WrapAsync(secret, Acme, Cancel);
        await OpensAsync(root, first, secret);
        await RefusedAsync(KeyFailure.DoesNotOpen, () => root.UnwrapAsync(first, new KeyContext("tenant-keys", "globex", 1), Cancel));
        await RefusedAsync(KeyFailure.DoesNotOpen, () => root.UnwrapAsync(new WrappedKey("pkcs11:other/key", "1", first.Ciphertext), Acme, Cancel));
        for (int i = 0; i < first.Ciphertext.Length; i += 5)
        {
            byte[] damaged = first.Ciphertext.ToArray();
            damaged[i] ^= 1;
            await RefusedAsync(KeyFailure.DoesNotOpen, () => root.UnwrapAsync(new WrappedKey(first.KeyId, "1", damaged), Acme, Cancel));
        }

        await RefusedAsync(KeyFailure.InUse, () => root.ScheduleDestroyAsync("1", Cancel));
        await root.RotateAsync(Cancel);
        WrappedKey second = await root.WrapAsync(secret, Acme, Cancel);
        Assert.Equal("2", second.Version);
        await OpensAsync(root, first, secret);
        Assert.Equal(KeyState.DecodeOnly, (await root.StateAsync("1", Cancel)).State);
        Assert.Equal(KeyState.Destroyed, (await root.ScheduleDestroyAsync("1", Cancel)).State);
        await RefusedAsync(KeyFailure.Destroyed, () => root.UnwrapAsync(first, Acme, Cancel));
        await RefusedAsync(KeyFailure.NotThere, () => root.StateAsync("3", Cancel));
        await OpensAsync(root, second, secret);
        root.Dispose();

        await RefusedAsync(KeyFailure.Denied, () => Task.FromResult(Pkcs11Token.Open(options with { PinFile = Pin("9999") })));
        await RefusedAsync(KeyFailure.Configuration, () => Task.FromResult(Pkcs11Token.Open(options with { Token = "absent" })));
        using Pkcs11Token again = Pkcs11Token.Open(options);
        await OpensAsync(again, second, secret);
    }

    [Fact]
    public async Task A_library_that_is_not_there_is_refused_with_its_path() =>
        await RefusedAsync(KeyFailure.Configuration, () => Task.FromResult(Pkcs11Token.Open(new Pkcs11TokenOptions("/nowhere/lib.so", "t", "k", "/nowhere/pin"))));

    private static async Task OpensAsync(Pkcs11Token root, WrappedKey wrapped, SecretBytes secret)
    {
        using SecretBytes opened = await root.UnwrapAsync(wrapped, Acme, Cancel);
        Assert.Equal(secret.Expose(), opened.Expose());
    }

    private static async Task RefusedAsync(KeyFailure failure, Func<Task> act) =>
        Assert.Equal(failure, (await Assert.ThrowsAsync<KeyUnavailableException>(act)).Failure);

    private static void Run(string command, params string[] arguments)
    {
        ProcessStartInfo start = new(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, text);
    }

    private Pkcs11TokenOptions Token(string pin)
    {
        Assert.SkipUnless(File.Exists(Library), "SoftHSM2 is not installed: apt-get install softhsm2.");
        string configuration = _folder.File("softhsm2.conf");
        string tokens = Directory.CreateDirectory(_folder.File("tokens")).FullName;
        File.WriteAllText(configuration, $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        // The library reads it with getenv, which does not see what .NET sets.
        Assert.Equal(0, SetEnvironment("SOFTHSM2_CONF", configuration, 1));
        Environment.SetEnvironmentVariable("SOFTHSM2_CONF", configuration);
        Run("softhsm2-util", "--init-token", "--free", "--label", "opaline", "--so-pin", "0000", "--pin", pin);
        return new Pkcs11TokenOptions(Library, "opaline", "root", Pin(pin));
    }

    private string Pin(string pin)
    {
        string path = _folder.File("pin" + pin);
        File.WriteAllText(path, pin + "\n");
        return path;
    }

#pragma warning disable SYSLIB1054, CA2101 // A generated call needs unsafe code; the texts are ASCII.
    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
#pragma warning restore SYSLIB1054, CA2101
}
