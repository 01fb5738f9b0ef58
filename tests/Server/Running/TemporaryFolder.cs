namespace Opaline.Server.Tests.Running;

/// <summary>A folder that goes when this does.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("opaline-server-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
