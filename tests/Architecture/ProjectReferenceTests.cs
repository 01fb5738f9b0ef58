using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Opaline.Architecture.Tests;

/// <summary>Which project may know which: low to high, never a sibling way round.</summary>
public class ProjectReferenceTests
{
    /// <summary>The platform, low to high. A project may reference those before it.</summary>
    private static readonly string[] Platform =
        ["Catalog", "Storage", "Audit", "Access", "TokenVault", "Ingestion", "Analytics", "Governance", "Server"];

    private static readonly string[] Libraries =
        ["DifferentialPrivacy", "Detection", "Tokenization", "KeyManagement", "TransparencyLog", "Cedar", "Client"];

    public static TheoryData<string> Projects => [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_lies_below_it(string project)
    {
        string name = Short(project);
        foreach (string reference in References(project))
            Assert.True(MayReference(name, reference), $"{project} must not reference Opaline.{reference}.");
    }

    [Fact]
    public void A_reference_upwards_would_be_noticed()
    {
        Assert.False(MayReference("Ingestion", "Analytics"));
        Assert.False(MayReference("Analytics", "Ingestion"));
        Assert.False(MayReference("Storage", "Audit"));
        Assert.False(MayReference("Tokenization", "Detection"));
        Assert.False(MayReference("DifferentialPrivacy", "Catalog"));
        Assert.True(MayReference("Tokenization", "KeyManagement"));
        Assert.True(MayReference("Server", "Analytics"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_server_references_asp_net(string project)
    {
        if (Short(project) == "Server")
            return;
        string text = File.ReadAllText(ProjectFile(project));
        Assert.DoesNotContain("Microsoft.NET.Sdk.Web", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.AspNetCore", text, StringComparison.Ordinal);
        Assert.DoesNotContain(AssemblyReferences(project), r => r.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Libraries_reference_no_database_and_no_configuration()
    {
        foreach (string project in Projects.Select(row => row.Data).Where(p => Libraries.Contains(Short(p))))
        {
            Assert.DoesNotContain(
                AssemblyReferences(project),
                r => r.StartsWith("Microsoft.Data", StringComparison.Ordinal)
                    || r.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
                    || r.StartsWith("Microsoft.Extensions.Configuration", StringComparison.Ordinal)
                    || r.StartsWith("DuckDB", StringComparison.Ordinal)
                    || r.StartsWith("Npgsql", StringComparison.Ordinal));
        }
    }

    private static bool MayReference(string project, string reference)
    {
        if (Libraries.Contains(project))
            return (project, reference) == ("Tokenization", "KeyManagement");
        if (project == "Cli")
            return reference == "Client";
        if (project == "Client")
            return false;
        return Libraries.Contains(reference)
            || (Array.IndexOf(Platform, reference) >= 0
                && Array.IndexOf(Platform, reference) < Array.IndexOf(Platform, project)
                && (project, reference) != ("Analytics", "Ingestion"));
    }

    private static string Short(string project) => project["Opaline.".Length..];

    private static string ProjectFile(string project) => Path.Combine(Repository.Root, "src", project, project + ".csproj");

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(ProjectFile(project)).Descendants("ProjectReference")
            .Select(r => Short(Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)));

    private static List<string> AssemblyReferences(string project)
    {
        string configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        string assembly = (string?)XDocument.Load(ProjectFile(project)).Descendants("AssemblyName").FirstOrDefault() ?? project;
        string path = Path.Combine(Repository.Root, "src", project, "bin", configuration, "net10.0", assembly + ".dll");
        using FileStream file = File.OpenRead(path);
        using PEReader reader = new(file);
        MetadataReader metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))];
    }
}
