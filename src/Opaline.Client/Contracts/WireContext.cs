using System.Text.Json;
using System.Text.Json.Serialization;

namespace Opaline.Client.Contracts;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(IReadOnlyList<CredentialDocument>))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(IngestReceiptDocument))]
[JsonSerializable(typeof(DatasetDeclarationDocument))]
[JsonSerializable(typeof(DatasetDocument))]
[JsonSerializable(typeof(DatasetListDocument))]
[JsonSerializable(typeof(IReadOnlyList<FieldDeclarationDocument>))]
[JsonSerializable(typeof(DatasetChangeDocument))]
[JsonSerializable(typeof(FieldChangeDocument))]
[JsonSerializable(typeof(FieldDocument))]
[JsonSerializable(typeof(MetricDocument))]
[JsonSerializable(typeof(QueryDocument))]
[JsonSerializable(typeof(SqlQueryDocument))]
[JsonSerializable(typeof(AnswerDocument))]
[JsonSerializable(typeof(DryRunDocument))]
[JsonSerializable(typeof(QueryBatchDocument))]
[JsonSerializable(typeof(AnswerBatchDocument))]
[JsonSerializable(typeof(DryRunBatchDocument))]
[JsonSerializable(typeof(LiveCounterDocument))]
[JsonSerializable(typeof(BudgetDocument))]
[JsonSerializable(typeof(BudgetEventDocument))]
[JsonSerializable(typeof(AuditPageDocument))]
[JsonSerializable(typeof(LookupRequestDocument))]
[JsonSerializable(typeof(LookupDocument))]
[JsonSerializable(typeof(IReadOnlyList<FieldDocument>))]
[JsonSerializable(typeof(IReadOnlyList<MetricDocument>))]
[JsonSerializable(typeof(InitRequestDocument))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WireContext : JsonSerializerContext;
