using Opaline.Catalog;
using Opaline.Ingestion;

namespace Opaline.Platform.Tests.Ingestion.Treatments;

/// <summary>An event's own subject never stands in the clear in its row, wherever the application put it.</summary>
public sealed class OwnSubjectTests : IAsyncDisposable
{
    private static readonly Classification Confirmed =
        new(ClassificationLevel.Internal, "user.behavior", ClassificationState.Confirmed, ClassificationSource.Manual);

    private readonly IngestFixture _ingest = new();

    public ValueTask DisposeAsync() => _ingest.DisposeAsync();

    [Fact]
    public async Task A_subject_in_an_action_and_in_a_name_is_sealed()
    {
        await _ingest.SendAsync(IngestFixture.Event("4455667", "order.4455667", metadata: """{"m4455667x":true}"""));
        Assert.Equal([null], await _ingest.ColumnAsync("action"));
        Assert.Null(_ingest.BuiltIn.Find("metadata.m4455667x"));
        Assert.Equal(["""{"action":"order.4455667","metadata.m4455667x":true}"""], await _ingest.SealedAsync());
    }

    [Fact]
    public async Task A_name_that_another_persons_event_brought_is_sealed_in_the_row_of_whom_it_tells()
    {
        string body = string.Join('\n', ((string[])["ann", "4455667"]).Select(u => IngestFixture.Event(u, metadata: """{"m4455667x":true,"m4455667y":"a@example.com","z":"b@example.com"}""")));
        await _ingest.SendAsync(body, BodyFormat.NdJson);
        await _ingest.SendAsync(IngestFixture.Event("4455667", metadata: """{"m4455667x":true}"""));
        Assert.Equal(["true", null, null], await _ingest.ColumnAsync("metadata.m4455667x"));
        string?[] mails = await _ingest.ColumnAsync("metadata.m4455667y");
        Assert.Equal((true, null, null), (mails[0] is not null, mails[1], mails[2]));
        string?[] others = await _ingest.ColumnAsync("metadata.z");
        Assert.Equal(others[0], others[1]);
        Assert.Equal(
            [null, """{"metadata.m4455667x":true,"metadata.m4455667y":"a@example.com"}""", """{"metadata.m4455667x":true}"""], await _ingest.SealedAsync());
    }

    [Theory]
    [InlineData("\"AnnSmith\"", "\"annsmith\"")]
    [InlineData("\"annsmith\"", "\"x/ANNSMITH/y\"")]
    [InlineData("\" ann\\u0073mith \"", "\"annsmith\"")]
    [InlineData("\"Jürgen1\"", "\"JÜRGEN1\"")]
    [InlineData("4455667", "\"4455667\"")]
    [InlineData("\"4455667\"", "44556670", FieldType.Int64)]
    [InlineData("4455667", "1.4455667", FieldType.Double)]
    [InlineData("\"2001:DB8:0::1\"", "\"2001:db8:0::1\"", FieldType.Ip)]
    [InlineData("\"00112233-4455-6677-8899-AABBCCDDEEFF\"", "\"00112233-4455-6677-8899-aabbccddeeff\"", FieldType.Uuid)]
    public async Task A_kept_value_that_holds_the_subject_is_sealed(string subject, string value, FieldType type = FieldType.String)
    {
        await SendAsync(subject, value, type);
        Assert.Equal([null], await _ingest.ColumnAsync("ref", Sample));
        Assert.Equal([$$"""{"ref":{{value}}}"""], await _ingest.SealedAsync(Sample));
    }

    [Theory]
    [InlineData("\"mobil\"", "\"mobile\"", "mobile")]
    [InlineData("\"annsmith\"", "\"annsmit\"", "annsmit")]
    [InlineData("4455667", "445566", "445566", FieldType.Int64)]
    public async Task Shorter_subjects_and_parts_of_a_subject_stand_there_by_chance_and_are_kept(
        string subject, string value, string stored, FieldType type = FieldType.String)
    {
        await SendAsync(subject, value, type);
        Assert.Equal([stored], await _ingest.ColumnAsync("ref", Sample));
    }

    private Dataset Sample => _ingest.Catalog.Find(Tenant.Default, "sample")!;

    private async Task SendAsync(string subject, string value, FieldType type)
    {
        await _ingest.DeclareAsync(
            "sample",
            "UTC",
            new("who", FieldType.String, FieldRole.Subject, Confirmed, new(TreatmentKind.Tokenize)),
            new("at", FieldType.Timestamp, FieldRole.Time, Confirmed, new(TreatmentKind.Keep)),
            new("ref", type, FieldRole.Dimension, Confirmed, new(TreatmentKind.Keep)));
        await _ingest.SendAsync($$"""{"who":{{subject}},"at":"2025-06-01T12:00:00Z","ref":{{value}}}""", dataset: Sample);
    }
}
