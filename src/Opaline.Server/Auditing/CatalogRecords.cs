using System.Text.Json;
using Opaline.Catalog;
using Opaline.Server.Documents;

namespace Opaline.Server.Auditing;

/// <summary>What the records of changed catalogs say: names and rules, which the catalog shows anyway; never a value or a count of rows.</summary>
internal static class CatalogRecords
{
    /// <summary>A record is no copy of the catalog: of a long list it names the first.</summary>
    private const int MostFields = 50;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Created(Dataset dataset) => Json(new
    {
        Dataset = dataset.Name,
        Fields = dataset.Fields.Take(MostFields).Select(static f => new { Field = f.Name, Rules = RulesOf(f.ToDeclaration()) }),
        FieldCount = dataset.Fields.Length,
    });

    public static string Bounded(Dataset dataset) => Json(new
    {
        dataset.Bounds.Groups,
        dataset.Bounds.RowsPerGroup,
        dataset.MinimumUnits,
        ErasedRows = Words.Of(dataset.ErasedRows),
    });

    public static string Added(IReadOnlyList<FieldDeclaration> fields) => Json(new
    {
        Fields = fields.Take(MostFields).Select(static f => new
        {
            Field = f.Name,
            Rules = RulesOf(f),
        }),
        FieldCount = fields.Count,
    });

    public static string Changed(Field before, Field after) => Json(new
    {
        Field = before.Name,
        Old = RulesOf(before.ToDeclaration()),
        New = RulesOf(after.ToDeclaration()),
        DiscardedStored = before.LosesColumnAs(after),
    });

    public static string Metric(Metric metric) => Json(new { Metric = metric.Name, metric.ListedForViewers });

    private static object RulesOf(FieldDeclaration field) => new
    {
        Treatment = Words.Of(field.Treatment.Kind),
        field.Treatment.Generalizer,
        Format = field.Treatment.Format is { } f ? new { Values = Words.Of(f.Values), Method = Words.Of(f.Method), f.KeepPrefix, f.KeepSuffix } : null,
        State = Words.Of(field.Classification.State),
        Type = Words.Of(field.Type),
        Role = Words.Of(field.Role),
    };

    private static string Json(object facts) => JsonSerializer.Serialize(facts, Options);
}
