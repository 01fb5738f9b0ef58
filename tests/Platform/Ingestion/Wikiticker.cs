using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Ingestion;

/// <summary>A day of Wikipedia edits: real names, real addresses, free text.</summary>
internal sealed class Wikiticker
{
    private static readonly Classification Confirmed =
        new(ClassificationLevel.Internal, "user.behavior", ClassificationState.Confirmed, ClassificationSource.Manual);

    private static readonly string[] Sealed = ["comment", "page", "cityName"];
    private static readonly string[] Texts = ["channel", "namespace", "countryIsoCode", "countryName", "regionIsoCode", "regionName"];
    private static readonly string[] Flags = ["isAnonymous", "isMinor", "isNew", "isRobot", "isUnpatrolled"];
    private static readonly string[] Numbers = ["delta", "added", "deleted"];

    private Wikiticker(IReadOnlyList<string> lines) => Lines = lines;

    /// <summary>The events as JSON objects.</summary>
    public IReadOnlyList<string> Lines { get; }

    public static string? Path
    {
        get
        {
            string? folder = Environment.GetEnvironmentVariable("OPALINE_DATA");
            for (DirectoryInfo? at = new(AppContext.BaseDirectory); folder is null && at is not null; at = at.Parent)
            {
                if (File.Exists(System.IO.Path.Combine(at.FullName, "Opaline.slnx")))
                    folder = System.IO.Path.Combine(at.FullName, "..", "shared", "data");
            }

            string path = System.IO.Path.Combine(folder ?? "", "events", "wikiticker-2015-09-12-sampled.json.gz");
            return File.Exists(path) ? path : null;
        }
    }

    public static Wikiticker Load()
    {
        Assert.SkipWhen(Path is null, "wikiticker-2015-09-12-sampled.json.gz is not here; set OPALINE_DATA.");
        using StreamReader reader = new(new GZipStream(File.OpenRead(Path!), CompressionMode.Decompress), Encoding.UTF8);
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
                lines.Add(line);
        }

        return new Wikiticker(lines);
    }

    /// <summary>The fields as an owner would declare them: names and free text protected, the rest open.</summary>
    public static FieldDeclaration[] Fields() =>
    [
        new("user", FieldType.String, FieldRole.Subject, Confirmed, new(TreatmentKind.Tokenize)),
        new("time", FieldType.Timestamp, FieldRole.Time, Confirmed, new(TreatmentKind.Keep)),
        .. Sealed.Select(n => new FieldDeclaration(n, FieldType.String, FieldRole.Text, Confirmed, new(TreatmentKind.Seal))),
        .. Texts.Select(n => new FieldDeclaration(n, FieldType.String, FieldRole.Dimension, Confirmed, new(TreatmentKind.Keep))),
        .. Flags.Select(n => new FieldDeclaration(n, FieldType.Boolean, FieldRole.Dimension, Confirmed, new(TreatmentKind.Keep))),
        new("metroCode", FieldType.Int64, FieldRole.Dimension, Confirmed, new(TreatmentKind.Keep)),
        .. Numbers.Select(n => new FieldDeclaration(
            n, FieldType.Int64, FieldRole.Measure, Confirmed, new(TreatmentKind.Keep), Measure: new MeasureBounds(-1_000, 1_000, 1))),
    ];

    /// <summary>The body of some of the rows, with row ids as an import gives them.</summary>
    public byte[] Body(int first, int count, Func<string, string>? more = null)
    {
        StringBuilder body = new();
        for (int i = first; i < Math.Min(first + count, Lines.Count); i++)
            body.Append("{\"event_id\":\"wiki-").Append(i).Append("\",").Append(more?.Invoke(Lines[i])).Append(Lines[i], 1, Lines[i].Length - 1).Append('\n');
        return Encoding.UTF8.GetBytes(body.ToString());
    }

    public static string User(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("user").GetString()!;
    }

    /// <summary>Every user who is an address, and every name of at least 8 characters that is no part of a value that is stored openly.</summary>
    public string[] Needles()
    {
        HashSet<string> users = new(StringComparer.Ordinal);
        HashSet<string> open = new(StringComparer.Ordinal);
        foreach (string line in Lines)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            users.Add(document.RootElement.GetProperty("user").GetString()!);
            foreach (string name in Texts)
            {
                if (document.RootElement.GetProperty(name).GetString() is { } value)
                    open.Add(value);
            }
        }

        string all = string.Join('\n', open);
        return [.. users.Where(u => IsAddress(u) || (u.Length >= 8 && !all.Contains(u, StringComparison.Ordinal)))];
    }

    public static bool IsAddress(string user) =>
        user.Length >= NeedleSearch.Prefix && (user.Count(c => c == '.') == 3 || user.Contains(':', StringComparison.Ordinal)) && System.Net.IPAddress.TryParse(user, out _);
}
