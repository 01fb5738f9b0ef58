using System.Text.Json;
using Opaline.Cli.Terminal;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Profiles;

/// <summary>The profile on disk, readable by its owner only, as it holds secrets.</summary>
internal sealed class ProfileFile(string? path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where it lies: the path asked for, else <c>OPALINE_PROFILE</c>, else under the user's configuration.</summary>
    public string Path { get; } = path
        ?? Environment.GetEnvironmentVariable("OPALINE_PROFILE")
        ?? System.IO.Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "opaline", "profile.json");

    /// <exception cref="UsageException">It is not there or not readable.</exception>
    public Profile Read()
    {
        if (!File.Exists(Path))
            throw new UsageException($"There is no profile at {Path}. Run 'opaline init' in the server's folder, or 'opaline init --credentials FILE'.");
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path));
            return new Profile(
                new Uri(json.RootElement.GetProperty("server").GetString()!),
                json.RootElement.GetProperty("credentials").Deserialize<IReadOnlyList<CredentialDocument>>(OpalineJson.Options)!);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or UriFormatException)
        {
            throw new UsageException($"The profile {Path} is damaged. Write it anew with 'opaline init'.", unreadable);
        }
    }

    public void Write(Profile profile)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using FileStream file = new(Path, options);
        // The mode only holds for a new file; one that was open to others is closed here.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
        using Utf8JsonWriter writer = new(file, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("server", profile.Server.ToString());
        writer.WritePropertyName("credentials");
        JsonSerializer.Serialize(writer, profile.Credentials, OpalineJson.Options);
        writer.WriteEndObject();
    }

    /// <summary>Reads a server's <c>credentials.json</c>.</summary>
    /// <exception cref="UsageException">It is not readable.</exception>
    public static IReadOnlyList<CredentialDocument> ReadCredentials(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<IReadOnlyList<CredentialDocument>>(File.ReadAllBytes(path), OpalineJson.Options) ?? [];
        }
        catch (JsonException damaged)
        {
            throw new UsageException($"{path} is not a credentials file: a JSON array of client_id, client_secret and role is expected.", damaged);
        }
    }
}
