using System.Globalization;
using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>
/// The root key in the file <c>root.key</c>, sealed by a passphrase (Argon2id); on loopback it may lie there in clear. Wraps with AES-KWP, bound to the context.
/// </summary>
public sealed class RootKeyFile : IRootKey
{
    /// <summary>Name of the file.</summary>
    public const string Name = "root.key";

    private readonly RootKeyFileOptions _options;
    private readonly Lock _writing = new();
    private volatile RootKeyFileContent _content;

    private RootKeyFile(RootKeyFileOptions options, RootKeyFileContent content, string? warning)
    {
        _options = options;
        _content = content;
        Warning = warning;
    }

    /// <inheritdoc/>
    public string KeyId => "file:" + _content.Id;

    /// <summary>What the operator should know about how this key is kept, or null.</summary>
    public string? Warning { get; }

    private string Path => System.IO.Path.Combine(_options.Folder, Name);

    /// <summary>Opens the key file, or makes it at the first start.</summary>
    /// <exception cref="KeyUnavailableException">The passphrase is wrong, the file is damaged or readable by others, or an unsealed key is not allowed here.</exception>
    public static RootKeyFile Open(RootKeyFileOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.PassphraseFile is null && !options.LoopbackOnly)
        {
            throw new KeyUnavailableException(
                KeyFailure.Configuration,
                "Outside loopback the root key must be sealed: write a passphrase to a file and name it in OPALINE_KEY_PASSPHRASE_FILE.");
        }
        string path = System.IO.Path.Combine(options.Folder, Name);
        byte[]? file = null;
        try
        {
            DurableFile.CreateFolder(options.Folder);
            file = File.Exists(path) ? SecretFile.ReadAll(path) : null;
            return options.PassphraseFile is null ? OpenClear(options, path, file) : OpenSealed(options, path, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyUnavailableException(
                KeyFailure.Configuration, $"The root key in '{options.Folder}' cannot be read or written: check the folder's owner and rights.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(file);
        }
    }

    /// <inheritdoc/>
    public Task<WrappedKey> WrapAsync(SecretBytes secret, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(context);
        RootKeyFileContent content = _content;
        int version = content.Versions.Primary.Number;
        byte[] wrapped = KeyWrap.WrapBound(content.Key(version).Expose(), context.ToAssociatedData(), secret.Expose());
        return Task.FromResult(new WrappedKey(KeyId, NameOf(version), wrapped));
    }

    /// <inheritdoc/>
    public Task<SecretBytes> UnwrapAsync(WrappedKey wrapped, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        ArgumentNullException.ThrowIfNull(context);
        if (wrapped.KeyId != KeyId)
        {
            throw new KeyUnavailableException(
                KeyFailure.DoesNotOpen, "The root key does not open the keys of this data: put the root.key that belongs to it back into the key folder.");
        }
        SecretBytes key = _content.Key(NumberOf(wrapped.Version));
        try
        {
            return Task.FromResult(KeyWrap.UnwrapBound(key.Expose(), context.ToAssociatedData(), wrapped.Ciphertext.Span, resident: true));
        }
        catch (CryptographicException e)
        {
            throw new KeyUnavailableException(KeyFailure.DoesNotOpen, "A stored key belongs elsewhere or is damaged: restore it from its copy.", e);
        }
    }

    /// <inheritdoc/>
    public Task<RootKeyVersion> RotateAsync(CancellationToken cancellationToken)
    {
        Change(content => content.Rotate());
        return StateAsync(null, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RootKeyVersion> StateAsync(string? version, CancellationToken cancellationToken)
    {
        KeyVersions versions = _content.Versions;
        KeyVersion found = version is null ? versions.Primary : versions.Version(NumberOf(version));
        return Task.FromResult(new RootKeyVersion(NameOf(found.Number), found.State));
    }

    /// <inheritdoc/>
    /// <remarks>The version is gone at once from this file; copies of the file keep it.</remarks>
    public Task<RootKeyVersion> ScheduleDestroyAsync(string version, CancellationToken cancellationToken)
    {
        int number = NumberOf(version);
        Change(content => content.Destroy(number));
        return StateAsync(version, cancellationToken);
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => _content.Dispose();

    private static RootKeyFile OpenClear(RootKeyFileOptions options, string path, byte[]? file)
    {
        string warning = $"The root key lies unsealed in '{path}': whoever reads it and the data opens everything. "
            + "Name a passphrase file in OPALINE_KEY_PASSPHRASE_FILE to have it sealed.";
        if (file is null)
        {
            RootKeyFile made = new(options, RootKeyFileContent.New(), warning);
            made.Write(made._content);
            return made;
        }
        if (RootKeyFileFormat.IsSealed(file))
            throw new KeyUnavailableException(KeyFailure.Configuration, $"'{path}' is sealed: name the file with its passphrase in OPALINE_KEY_PASSPHRASE_FILE.");
        RefuseIfOthersMayRead(path);
        return new RootKeyFile(options, RootKeyFileFormat.ReadClear(file), warning);
    }

    private static RootKeyFile OpenSealed(RootKeyFileOptions options, string path, byte[]? file)
    {
        if (file is not null && RootKeyFileFormat.IsSealed(file))
        {
            using SecretBytes passphrase = PassphraseKey.ReadPassphrase(options.PassphraseFile!);
            return new RootKeyFile(options, RootKeyFileFormat.ReadSealed(file, passphrase), null);
        }
        RootKeyFile key = file is null
            ? new RootKeyFile(options, RootKeyFileContent.New(), null)
            : new RootKeyFile(
                options, RootKeyFileFormat.ReadClear(file), $"'{path}' held the root key unsealed and has now been sealed. Destroy older copies of the file.");
        key.Write(key._content);
        return key;
    }

    private static void RefuseIfOthersMayRead(string path)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & others) != 0)
        {
            throw new KeyUnavailableException(
                KeyFailure.Configuration, $"'{path}' may be read by others: run 'chmod 600' on it, and think about who read it meanwhile.");
        }
    }

    private static string NameOf(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static int NumberOf(string version) => int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw new KeyUnavailableException(KeyFailure.NotThere, "There is no such version of the root key.");

    /// <summary>A change counts once it is durable.</summary>
    private void Change(Func<RootKeyFileContent, RootKeyFileContent> change)
    {
        lock (_writing)
        {
            RootKeyFileContent before = _content;
            RootKeyFileContent after = change(before);
            try
            {
                Write(after);
            }
            catch (Exception e)
            {
                after.DisposeExcept(before);
                if (e is IOException or UnauthorizedAccessException)
                    throw new KeyUnavailableException(KeyFailure.Configuration, $"'{Path}' cannot be written: the root key stays as it was.", e);
                throw;
            }
            _content = after;
            before.DisposeExcept(after);
        }
    }

    private void Write(RootKeyFileContent content)
    {
        if (_options.PassphraseFile is null)
        {
            byte[] clear = RootKeyFileFormat.WriteClear(content);
            DurableFile.Write(Path, clear);
            CryptographicOperations.ZeroMemory(clear);
            return;
        }
        using SecretBytes passphrase = PassphraseKey.ReadPassphrase(_options.PassphraseFile);
        DurableFile.Write(Path, RootKeyFileFormat.WriteSealed(content, passphrase));
    }
}
