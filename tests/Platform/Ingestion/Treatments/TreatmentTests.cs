using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Ingestion.Treatments;

public class TreatmentTests : IAsyncDisposable
{
    private static readonly Classification Confirmed =
        new(ClassificationLevel.Internal, "user.behavior", ClassificationState.Confirmed, ClassificationSource.Manual);

    private readonly IngestFixture _ingest = new();

    public async ValueTask DisposeAsync()
    {
        await _ingest.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Text_that_nobody_declared_is_sealed()
    {
        await _ingest.SendAsync(IngestFixture.Event(metadata: """{"note":"likes \"tea\" é","tags":["a", {"b":1}]}"""));
        Assert.Equal(["""{"metadata.note":"likes \"tea\" é","metadata.tags":["a", {"b":1}]}"""], await _ingest.SealedAsync());
        Assert.Equal(TreatmentKind.Seal, _ingest.BuiltIn.Find("metadata.note")!.Treatment.Kind);
    }

    [Fact]
    public async Task Booleans_that_nobody_declared_are_kept_as_suggestions()
    {
        await _ingest.SendAsync($"[{IngestFixture.Event(metadata: """{"ok":true,"none":null}""")},{IngestFixture.Event(metadata: """{"ok":false}""")}]");
        Assert.Equal(["true", "false"], await _ingest.ColumnAsync("metadata.ok"));
        Assert.Null(_ingest.BuiltIn.Find("metadata.none"));
        Assert.False(_ingest.BuiltIn.Find("metadata.ok")!.Visible);
    }

    [Fact]
    public async Task Numbers_that_nobody_declared_are_sealed_and_their_type_is_remembered()
    {
        await _ingest.SendAsync($"[{IngestFixture.Event(metadata: """{"n":1,"x":2}""")},{IngestFixture.Event(metadata: """{"n":2,"x":0.5}""")}]");
        Assert.Equal(["""{"metadata.n":1,"metadata.x":2}""", """{"metadata.n":2,"metadata.x":0.5}"""], await _ingest.SealedAsync());
        Field n = _ingest.BuiltIn.Find("metadata.n")!;
        Assert.Equal((FieldType.Int64, TreatmentKind.Seal, ClassificationState.Suggested), (n.Type, n.Treatment.Kind, n.Classification.State));
        Assert.Equal(FieldType.Double, _ingest.BuiltIn.Find("metadata.x")!.Type);
    }

    [Fact]
    public async Task Numbers_are_kept_once_an_admin_has_said_so()
    {
        await _ingest.SendAsync(IngestFixture.Event(metadata: """{"n":1}"""));
        await _ingest.Control.WriteAsync(
            tx => _ingest.Catalog.ChangeField(
                tx, _ingest.BuiltIn.Id, "metadata.n", f => f with { Role = FieldRole.Dimension, Treatment = new(TreatmentKind.Keep), Classification = Confirmed }),
            IngestFixture.Cancel);
        await _ingest.SendAsync(IngestFixture.Event(metadata: """{"n":1234567890}"""));
        Assert.Equal([null, "1234567890"], await _ingest.ColumnAsync("metadata.n"));
    }

    [Fact]
    public async Task What_a_rule_recognises_is_tokenized()
    {
        (string Value, string Category)[] recognised =
        [
            ("\"ann@example.com\"", "user.contact.email"),
            ("\"+43 1 58858 0\"", "user.contact.phone_number"),
            ("\"2001:db8::1\"", "user.device.ip_address"),
            ("\"4111 1111 1111 1111\"", "user.financial.credit_card"),
            ("4111111111111111", "user.financial.credit_card"),
            ("\"AT61 1904 3002 3457 3201\"", "user.financial.bank_account"),
        ];
        await _ingest.SendAsync(IngestFixture.Event(metadata: "{" + string.Join(',', recognised.Select((r, i) => $"\"v{i}\":{r.Value}")) + "}"));
        foreach ((int number, (string value, string category)) in recognised.Index())
        {
            Field field = _ingest.BuiltIn.Find($"metadata.v{number}")!;
            Assert.Equal((value, TreatmentKind.Tokenize, category), (value, field.Treatment.Kind, field.Classification.Category));
            Assert.True(long.TryParse(Assert.Single(await _ingest.ColumnAsync(field.Name)), out _), value);
        }

        Assert.Equal([null], await _ingest.SealedAsync());
    }

    [Fact]
    public async Task Equal_tokenized_values_have_equal_ids_over_people_and_batches()
    {
        await _ingest.SendAsync(IngestFixture.Event("ann", metadata: """{"mail":"a@example.com"}"""));
        await _ingest.SendAsync($"[{IngestFixture.Event("bob", metadata: """{"mail":"A@Example.com"}""")},{IngestFixture.Event("bob", metadata: """{"mail":"b@example.com"}""")}]");
        string?[] ids = await _ingest.ColumnAsync("metadata.mail");
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public async Task A_number_that_nobody_declared_may_identify_and_is_sealed()
    {
        string[] events = [.. ((string[])["37", "-100000000", "19840229.5", "1e300"]).Select((number, i) => $$"""{"n{{i}}":{{number}}}""")];
        await _ingest.SendAsync(string.Join('\n', events.Select(e => IngestFixture.Event(metadata: e))), BodyFormat.NdJson);
        Assert.Equal(events.Select(e => e.Replace("{\"n", "{\"metadata.n", StringComparison.Ordinal)), await _ingest.SealedAsync());
    }

    [Fact]
    public async Task A_number_in_an_unconfirmed_column_is_sealed()
    {
        Classification suggested = Confirmed with { State = ClassificationState.Suggested };
        await _ingest.Control.WriteAsync(
            tx => _ingest.Catalog.AddFields(
                tx, _ingest.BuiltIn.Id, [new("metadata.n", FieldType.Int64, FieldRole.Dimension, suggested, new(TreatmentKind.Keep))]),
            IngestFixture.Cancel);
        await _ingest.SendAsync(IngestFixture.Event(metadata: """{"n":7}"""));
        Assert.Equal([null], await _ingest.ColumnAsync("metadata.n"));
        Assert.Equal(["""{"metadata.n":7}"""], await _ingest.SealedAsync());
    }

    [Fact]
    public async Task Personal_data_in_kept_text_is_sealed_and_its_column_is_null()
    {
        Dataset dataset = await DeclareAsync(Field("note", TreatmentKind.Keep));
        await _ingest.SendAsync(Row("\"note\":\"mobile\"") + "\n" + Row("\"note\":\"ask ann@example.com\"") + "\n" + Row("\"note\":\"a\\u0000b\""), BodyFormat.NdJson, dataset: dataset);
        Assert.Equal(["mobile", null, null], await _ingest.ColumnAsync("note", dataset));
        Assert.Equal([null, """{"note":"ask ann@example.com"}""", """{"note":"a\u0000b"}"""], await _ingest.SealedAsync(dataset));
    }

    [Fact]
    public async Task A_version_that_looks_like_an_address_is_kept_where_the_name_says_so()
    {
        Dataset dataset = await DeclareAsync(Field("version", TreatmentKind.Keep), Field("host", TreatmentKind.Keep));
        await _ingest.SendAsync(Row("\"version\":\"1.2.3.4\",\"host\":\"1.2.3.4\""), dataset: dataset);
        Assert.Equal(["1.2.3.4"], await _ingest.ColumnAsync("version", dataset));
        Assert.Equal([null], await _ingest.ColumnAsync("host", dataset));
    }

    [Fact]
    public async Task Fields_first_seen_leave_a_record_of_who_brought_them()
    {
        await _ingest.SendAsync(IngestFixture.Event(metadata: """{"a":1,"b":2}"""));
        await _ingest.SendAsync(IngestFixture.Event(metadata: """{"a":1,"b":2}"""));
        Assert.Equal(
            1,
            await _ingest.ScalarAsync(
                """SELECT COUNT(*) FROM audit_outbox WHERE action = 'catalog_change' AND actor = 'app' AND detail = '{"fields_first_seen":2}'"""));
    }

    [Fact]
    public async Task A_name_with_personal_data_or_odd_characters_is_sealed_with_its_value()
    {
        string[] names = ["ann@example.com", "192.168.1.77", "see 4111 1111 1111 1111", "x\u200Bhidden", "\"; DROP TABLE x --"];
        int fields = _ingest.BuiltIn.Fields.Length;
        foreach (string name in names)
            await _ingest.SendAsync(IngestFixture.Event(metadata: System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, int> { [name] = 1 })));
        Assert.Equal(fields, _ingest.BuiltIn.Fields.Length);
        string?[] parts = await _ingest.SealedAsync();
        Assert.Equal(names.Length, parts.Length);
        foreach ((string name, string? part) in names.Zip(parts))
        {
            Dictionary<string, int> opened = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, int>>(part!)!;
            Assert.Equal(1, opened["metadata." + name]);
        }
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_sealed_with_its_value()
    {
        string name = new('n', 200);
        await _ingest.SendAsync(IngestFixture.Event(metadata: $$"""{"{{name}}":1}"""));
        Assert.Contains(name, Assert.Single(await _ingest.SealedAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traffic_takes_only_its_share_of_the_fields_and_the_admin_the_rest()
    {
        int declared = _ingest.BuiltIn.Fields.Length;
        for (int batch = 0; batch < 4; batch++)
        {
            string many = string.Join(',', Enumerable.Range(0, 150).Select(i => $"\"f{(batch * 150) + i}\":true"));
            await _ingest.SendAsync(IngestFixture.Event(metadata: "{" + many + "}"));
        }

        Assert.Equal(declared + DatasetRules.MaxDiscoveredFields, _ingest.BuiltIn.Fields.Length);
        string?[] parts = await _ingest.SealedAsync();
        Assert.Contains("\"metadata.f599\":true", parts[3], StringComparison.Ordinal);
        Assert.Null(parts[0]);

        FieldDeclaration[] own = [.. Enumerable.Range(0, DatasetRules.MaxFields - _ingest.BuiltIn.Fields.Length).Select(i => Field($"own.f{i}", TreatmentKind.Keep))];
        await _ingest.Control.WriteAsync(tx => _ingest.Catalog.AddFields(tx, _ingest.BuiltIn.Id, own), IngestFixture.Cancel);
        Assert.Equal(DatasetRules.MaxFields, _ingest.BuiltIn.Fields.Length);
        Assert.NotNull(_ingest.BuiltIn.Find(own[^1].Name));
    }

    [Fact]
    public async Task Only_plain_short_actions_are_kept()
    {
        const string Plain = "checkout:step-2/pay.v1_x";
        string[] actions = ["sign in", "", "ann@example.com", "10.0.0.1", "über", Plain];
        await _ingest.SendAsync(string.Join('\n', actions.Select(a => IngestFixture.Event(action: a))), BodyFormat.NdJson);
        Assert.Equal(actions.Select(a => a == Plain ? a : null), await _ingest.ColumnAsync("action"));
        Assert.Equal(actions.Select(a => a == Plain ? null : $$"""{"action":"{{a}}"}"""), await _ingest.SealedAsync());
    }

    [Fact]
    public async Task An_action_of_more_than_64_characters_is_sealed()
    {
        await _ingest.SendAsync($"[{IngestFixture.Event(action: new string('a', 64))},{IngestFixture.Event(action: new string('a', 65))}]");
        Assert.Equal([new string('a', 64), null], await _ingest.ColumnAsync("action"));
    }

    [Fact]
    public async Task However_many_actions_one_person_sends_anothers_new_action_is_kept()
    {
        const int Many = 10_001;
        for (int first = 0; first < Many; first += 5_000)
        {
            IEnumerable<string> events = Enumerable.Range(first, Math.Min(5_000, Many - first)).Select(i => IngestFixture.Event("mallory", $"a{i}"));
            await _ingest.SendAsync(string.Join('\n', events), BodyFormat.NdJson);
        }

        await _ingest.SendAsync(IngestFixture.Event("ann", "brand-new"));
        string?[] actions = await _ingest.ColumnAsync("action");
        Assert.Equal(Many + 1, actions.Length);
        Assert.All(actions, Assert.NotNull);
        Assert.Contains("brand-new", actions);
    }

    [Fact]
    public async Task Every_treatment_stores_what_it_says()
    {
        Dataset dataset = await DeclareAsync(
            Field("age", TreatmentKind.Generalize, "age_band:10", FieldType.Int64),
            Field("plate", TreatmentKind.Mask, "keep_last:2"),
            Field("text", TreatmentKind.Redact),
            Field("secret", TreatmentKind.Seal),
            Field("gone", TreatmentKind.Drop),
            Field("card", TreatmentKind.Tokenize));
        await _ingest.SendAsync(
            Row("\"age\":37,\"plate\":\"W-1234\",\"text\":\"to a@b.at now\",\"secret\":[1],\"gone\":\"x\",\"card\":\"c1\""), dataset: dataset);
        string generalized = Assert.Single(await _ingest.ColumnAsync("age", dataset))!;
        Assert.DoesNotContain("37", generalized, StringComparison.Ordinal);
        Assert.EndsWith("34", Assert.Single(await _ingest.ColumnAsync("plate", dataset)), StringComparison.Ordinal);
        Assert.Equal(["to <EMAIL> now"], await _ingest.ColumnAsync("text", dataset));
        Assert.Equal(["""{"secret":[1]}"""], await _ingest.SealedAsync(dataset));
        Assert.True(long.TryParse(Assert.Single(await _ingest.ColumnAsync("card", dataset)), out _));
    }

    [Fact]
    public async Task A_value_that_is_not_of_its_fields_type_is_sealed_never_lost()
    {
        (FieldType Type, string Json, string? Stored)[] cases =
        [
            (FieldType.Int64, "7", "7"),
            (FieldType.Int64, "\"7\"", "7"),
            (FieldType.Int64, "7.0", "7"),
            (FieldType.Int64, "-9223372036854775808", "-9223372036854775808"),
            (FieldType.Int64, "7.5", null),
            (FieldType.Int64, "9223372036854775808", null),
            (FieldType.Int64, "\"seven\"", null),
            (FieldType.Int64, "true", null),
            (FieldType.Decimal, "12.340000", "12.340000"),
            (FieldType.Decimal, "\"-0.000001\"", "-0.000001"),
            (FieldType.Decimal, "0.0000001", null),
            (FieldType.Decimal, "1000000000000", null),
            (FieldType.Double, "1.5e-3", "0.0015"),
            (FieldType.Double, "1e999", null),
            (FieldType.Double, "\"NaN\"", null),
            (FieldType.Boolean, "true", "true"),
            (FieldType.Boolean, "\"false\"", "false"),
            (FieldType.Boolean, "1", null),
            (FieldType.Date, "\"2024-02-29\"", "2024-02-29"),
            (FieldType.Date, "\"2023-02-29\"", null),
            (FieldType.Timestamp, "\"2024-02-29T12:00:00+01:00\"", "2024-02-29 11:00:00"),
            (FieldType.Uuid, "\"00112233-4455-6677-8899-aabbccddeeff\"", "00112233-4455-6677-8899-aabbccddeeff"),
            (FieldType.Uuid, "\"{00112233-4455-6677-8899-aabbccddeeff}\"", null),
            (FieldType.Ip, "\"2001:DB8:0::1\"", "2001:db8::1"),
            (FieldType.Ip, "\"1\"", null),
            (FieldType.String, "7", null),
            (FieldType.String, "{\"a\":1}", null),
            (FieldType.String, "\"seven\"", "seven"),
        ];
        FieldType[] types = Enum.GetValues<FieldType>();
        Dataset dataset = await DeclareAsync([.. types.Select(t => Field($"v{t}", TreatmentKind.Keep, null, t))]);
        string[] values = [.. cases.Select(c => $"\"v{c.Type}\":" + (c.Json.StartsWith('{') ? $"[{c.Json}]" : c.Json))];
        await _ingest.SendAsync(string.Join('\n', values.Select(Row)), BodyFormat.NdJson, dataset: dataset);
        foreach (FieldType type in types)
            Assert.Equal(cases.Select(c => c.Type == type ? c.Stored : null), await _ingest.ColumnAsync($"v{type}", dataset));
        Assert.Equal(cases.Select((c, i) => c.Stored is null ? "{" + values[i] + "}" : null), await _ingest.SealedAsync(dataset));
    }

    [Fact]
    public async Task A_declared_dataset_reads_local_times_in_its_zone()
    {
        Dataset dataset = await _ingest.DeclareAsync("shop", "Europe/Vienna", SubjectAndTime());
        await _ingest.SendAsync("""[{"who":"1","at":"2024-07-01"},{"who":1,"at":"2024-07-01 12:00:00"},{"who":1,"at":"2024-07-01T12:00:00Z"}]""", dataset: dataset);
        await _ingest.SettleAsync();
        IReadOnlyList<object?[]> rows = await _ingest.RowsAsync($"SELECT CAST(event_time AS VARCHAR), subject FROM {EventTable.Name(dataset)} ORDER BY event_time");
        Assert.Equal(["2024-06-30 22:00:00", "2024-07-01 10:00:00", "2024-07-01 12:00:00"], rows.Select(r => (string?)r[0]));
        Assert.Single(rows.Select(r => r[1]).Distinct());
    }

    [Fact]
    public async Task A_sealed_part_opens_only_for_its_row()
    {
        await _ingest.SendAsync($"[{IngestFixture.Event(metadata: "{\"t\":\"x\"}")},{IngestFixture.Event(metadata: "{\"t\":\"x\"}")}]");
        await _ingest.SettleAsync();
        IReadOnlyList<object?[]> rows = await _ingest.RowsAsync($"SELECT {IngestFixture.Hex}, CAST(event_key AS VARCHAR) FROM {EventTable.Name(_ingest.BuiltIn)}");
        Assert.NotEqual(rows[0][0], rows[1][0]);
        Assert.NotEqual(rows[0][1], rows[1][1]);
    }

    private static FieldDeclaration[] SubjectAndTime() =>
    [
        new("who", FieldType.String, FieldRole.Subject, Confirmed, new(TreatmentKind.Tokenize)),
        new("at", FieldType.Timestamp, FieldRole.Time, Confirmed, new(TreatmentKind.Keep)),
    ];

    private static FieldDeclaration Field(string name, TreatmentKind treatment, string? generalizer = null, FieldType type = FieldType.String) =>
        new(name, type, treatment is TreatmentKind.Seal or TreatmentKind.Redact ? FieldRole.Text : FieldRole.Dimension, Confirmed, new(treatment, generalizer));

    private static string Row(string more) => $$"""{"who":"ann","at":"2025-06-01T12:00:00Z",{{more}}}""";

    private Task<Dataset> DeclareAsync(params FieldDeclaration[] fields) => _ingest.DeclareAsync("sample", "UTC", [.. SubjectAndTime(), .. fields]);
}
