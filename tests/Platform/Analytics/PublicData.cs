using System.IO.Compression;

namespace Opaline.Platform.Tests.Analytics;

/// <summary>Public data sets, which are not part of the repository: OPALINE_DATA, else ../shared/data beside it.</summary>
internal static class PublicData
{
    /// <summary>The lines of a gzipped CSV file below its header, split at commas and without quotes; skips the test where there is none.</summary>
    public static IEnumerable<string[]> Rows(string name)
    {
        string path = Path.Combine(Folder(), "events", name);
        Assert.SkipUnless(File.Exists(path), $"{name} is not there: set OPALINE_DATA to the folder of public data.");
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
            yield return [.. line.Split(',').Select(c => c.Trim('"'))];
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("OPALINE_DATA") is { Length: > 0 } folder)
            return folder;
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Opaline.slnx")))
            root = root.Parent;
        return Path.Combine(root?.FullName ?? ".", "..", "shared", "data");
    }
}
