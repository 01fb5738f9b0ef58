using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyFile;

public sealed class DurableFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_that_is_there_is_not_made_again_and_stays_whole()
    {
        string path = Path.Combine(_folder.Path, "secret");
        DurableFile.Create(path, [1, 2]);
        Assert.Throws<IOException>(() => DurableFile.Create(path, [3]));
        Assert.Equal([1, 2], File.ReadAllBytes(path));
        DurableFile.Write(path, [3]);
        Assert.Equal([3], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_file_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        string path = Path.Combine(_folder.Path, "secret");
        DurableFile.Create(path, [1]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    public void Dispose() => _folder.Dispose();
}
