namespace Opaline.EndToEnd.Tests.Servers;

/// <summary>The checkout that this was built from, and what lies beside it.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Configuration { get; } =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The built file of a project under src.</summary>
    public static string Built(string project, string file) => Path.Combine(Root, "src", project, "bin", Configuration, "net10.0", file);

    /// <summary>A file of the public data, or null where there is none.</summary>
    public static string? Data(string path)
    {
        string folder = Environment.GetEnvironmentVariable("OPALINE_DATA") ?? Path.Combine(Root, "..", "shared", "data");
        string file = Path.Combine(folder, path);
        return File.Exists(file) ? Path.GetFullPath(file) : null;
    }

    /// <summary>The first of these programs that is installed, or null.</summary>
    public static string? Program(params string[] names) => names
        .SelectMany(n => Path.IsPathRooted(n) ? [n] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, n)))
        .FirstOrDefault(File.Exists);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Opaline.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("This does not lie inside a checkout of Opaline.");
    }
}
