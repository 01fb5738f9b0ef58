using System.Text.Json;

namespace Opaline.Conformance.Tests;

/// <summary>Other people's vectors: in <c>OPALINE_VECTORS</c>, else in <c>../shared/vectors</c> beside the checkout.</summary>
internal static class Vectors
{
    public static string? Folder { get; } = Find();

    /// <summary>The file's path; the test is skipped, saying so, where the vectors are not.</summary>
    public static string File(string name)
    {
        string path = Path.Combine(Folder ?? "", name);
        if (Folder is null || !System.IO.File.Exists(path))
            Assert.Skip($"The vectors '{name}' are not here: set OPALINE_VECTORS.");
        return path;
    }

    /// <summary>
    /// The names of the files of a folder whose name fits a pattern; the test is skipped, saying so, where there are none.
    /// </summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        string path = Path.Combine(Folder ?? "", folder);
        if (Folder is null || !Directory.Exists(path))
            Assert.Skip($"The vectors '{folder}' are not here: set OPALINE_VECTORS.");
        string[] names = [.. Directory.EnumerateFiles(path, pattern).Select(file => $"{folder}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal)];
        if (names.Length == 0)
            Assert.Skip($"No vectors '{folder}/{pattern}' are here.");
        return names;
    }

    /// <summary>The tests of a Wycheproof file, each with its group.</summary>
    public static IEnumerable<(JsonElement Group, JsonElement Test)> Wycheproof(string name)
    {
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File(name)));
        return [.. document.RootElement.GetProperty("testGroups").EnumerateArray()
            .SelectMany(group => group.GetProperty("tests").EnumerateArray().Select(test => (group.Clone(), test.Clone())))];
    }

    public static byte[] Bytes(this JsonElement test, string property) => Convert.FromHexString(test.GetProperty(property).GetString()!);

    public static bool IsValid(this JsonElement test) => test.GetProperty("result").GetString() == "valid";

    public static int Id(this JsonElement test) => test.GetProperty("tcId").GetInt32();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("OPALINE_VECTORS") is { Length: > 0 } named)
            return named;
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Opaline.slnx")))
            folder = folder.Parent;
        string? shared = folder?.Parent is { } parent ? Path.Combine(parent.FullName, "shared", "vectors") : null;
        return Directory.Exists(shared) ? shared : null;
    }
}
