using System.Text;
using Opaline.Catalog;
using Opaline.Ingestion;

namespace Opaline.Platform.Tests.Ingestion.Validation;

/// <summary>Reads bodies by the rules of the built-in dataset.</summary>
internal static class Reading
{
    private static readonly Dataset Events = BuiltIn();

    public static ParsedBatch Read(string body, BodyFormat format = BodyFormat.Json, Action<IngestOptions>? configure = null) =>
        Read(Encoding.UTF8.GetBytes(body), format, configure);

    public static ParsedBatch Read(byte[] body, BodyFormat format = BodyFormat.Json, Action<IngestOptions>? configure = null)
    {
        IngestOptions options = new();
        configure?.Invoke(options);
        FieldPaths known = new(Events);
        BatchRules rules = new(options, Events.PublicRange, new DateTime(2026, 1, 1, 0, 5, 0, DateTimeKind.Utc), null, [known.Find("action"u8)]);
        return new BatchReader(rules, new BatchPaths(known)).Read(body, format);
    }

    /// <summary>The fault of the one event in the body.</summary>
    public static EventError Fault(string json, Action<IngestOptions>? configure = null)
    {
        ParsedBatch batch = Read($"[{json}]", configure: configure);
        Assert.Empty(batch.Events);
        Assert.Empty(batch.Cells);
        return Assert.Single(batch.Errors);
    }

    private static Dataset BuiltIn()
    {
        DatasetDeclaration d = EventsDataset.Declaration(Tenant.Default);
        return new(
            1, d.Tenant, d.Name, 1, d.SubjectScope, d.TimeZone, d.Unit, d.PublicRange, d.Bounds, d.MaxAge,
            [.. d.Fields.Select((f, i) => new Field(i + 1, f.Name, f.Type, f.Role, f.Classification, f.Treatment))], []);
    }
}
