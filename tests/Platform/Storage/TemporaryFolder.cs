using System.Security.Cryptography;

namespace Opaline.Platform.Tests.Storage;

/// <summary>A data folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "opaline-" + RandomNumberGenerator.GetHexString(16, true));

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
