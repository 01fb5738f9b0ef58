using Opaline.Catalog;
using Opaline.Storage;
using Opaline.Tokenization;

namespace Opaline.Platform.Tests.Storage.Catalog;

public class CatalogStoreTests : IAsyncDisposable
{
    private static readonly TokenFormat MailFormat =
        new(ValueKind.Email, TokenMethod.FormatPreserving) { Domain = DomainPolicy.AllowListed, Domains = ["example.com", "mail.example"] };

    private readonly TemporaryFolder _folder = new();
    private EmbeddedStores _stores;

    public CatalogStoreTests() => _stores = new EmbeddedStores(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private CatalogStore Catalog => _stores.Catalog;

    private Dataset Events => Catalog.Find(Tenant.Default, EventsDataset.Name)!;

    [Fact]
    public void The_built_in_dataset_is_there_at_the_first_start()
    {
        Dataset events = Events;
        Assert.Equal(("user_id", "timestamp"), (events.Subject.Name, events.Time.Name));
        Assert.Equal(TreatmentKind.Tokenize, events.Subject.Treatment.Kind);
        Assert.Equal((PrivacyUnit.Subject, "UTC"), (events.Unit, events.TimeZone));
        Assert.Equal(new ContributionBounds(10, 5), events.Bounds);
        Assert.Equal(new DateTime(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc), events.PublicRange.From);
        Assert.True(events.Find("action")!.Visible);
        Assert.Equal([events], Catalog.List(Tenant.Default));
        Assert.Empty(Catalog.List(new Tenant("other")));
    }

    [Fact]
    public async Task A_dataset_comes_back_the_same_after_a_restart()
    {
        DatasetDeclaration declaration = EventsDataset.Declaration(Tenant.Default) with
        {
            Name = "sales",
            SubjectScope = "customer",
            TimeZone = "Europe/Vienna",
            Unit = PrivacyUnit.SubjectPerMonth,
            MaxAge = TimeSpan.FromHours(6),
            Fields =
            [
                new("amount", FieldType.Decimal, FieldRole.Measure, Datasets.Confirmed, new(TreatmentKind.Keep), null, new MeasureBounds(-1.50m, 200m, 0.01m)),
                new("customer", FieldType.String, FieldRole.Subject, Datasets.Confirmed, new(TreatmentKind.Tokenize)),
                new("day", FieldType.Date, FieldRole.Time, Datasets.Confirmed, new(TreatmentKind.Keep)),
                new("shop", FieldType.String, FieldRole.Dimension, Datasets.Suggested, new(TreatmentKind.Keep), ["Wien", "\"Graz\""]),
                new("age", FieldType.Int64, FieldRole.Dimension, Datasets.Confirmed, new(TreatmentKind.Generalize, "age_band:10")),
                new("mail", FieldType.String, FieldRole.Dimension, Datasets.Confirmed, new(TreatmentKind.Tokenize, null, MailFormat)),
            ],
        };
        Dataset created = await WriteAsync(tx => Catalog.Create(tx, declaration));
        Dataset changed = await WriteAsync(tx => Catalog.PutMetric(tx, created.Id, new Metric("revenue", "{}", true)));
        await _stores.DisposeAsync();
        _stores = new EmbeddedStores(_folder.Path);
        Dataset read = Catalog.Find(Tenant.Default, "sales")!;
        Assert.Equal(changed.Fields.Select(Plain), read.Fields.Select(Plain));
        TokenFormat format = read.Find("mail")!.Treatment.Format!;
        Assert.Equal(MailFormat.Domains.AsEnumerable(), format.Domains);
        Assert.Equal(MailFormat, format with { Domains = MailFormat.Domains });
        Assert.Equal(["Wien", "\"Graz\""], read.Find("shop")!.Domain!.Value);
        Assert.Equal(changed.Metrics.AsEnumerable(), read.Metrics);
        Assert.Equal(changed with { Fields = [], Metrics = [] }, read with { Fields = [], Metrics = [] });
        Assert.Equal(declaration.Fields.Select(f => f.Name), read.Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task A_change_is_visible_only_after_its_commit()
    {
        Dataset? inside = null;
        await WriteAsync(tx =>
        {
            Catalog.Create(tx, Declared("later"));
            inside = Catalog.Find(Tenant.Default, "later");
            return true;
        });
        Assert.Null(inside);
        Assert.NotNull(Catalog.Find(Tenant.Default, "later"));
    }

    [Fact]
    public async Task A_change_that_is_undone_is_never_visible()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => WriteAsync<bool>(tx =>
        {
            Catalog.Create(tx, Declared("undone"));
            throw new InvalidOperationException();
        }));
        Assert.Null(Catalog.Find(Tenant.Default, "undone"));
        await WriteAsync(tx => Catalog.Create(tx, Declared("undone")));
    }

    [Fact]
    public async Task A_name_is_taken_once_per_tenant()
    {
        await WriteAsync(tx => Catalog.Create(tx, Declared("once")));
        await RefusedAsync("name_taken", "name", tx => Catalog.Create(tx, Declared("once")));
        await WriteAsync(tx => Catalog.Create(tx, Declared("once") with { Tenant = new Tenant("other") }));
    }

    [Fact]
    public async Task A_declaration_that_breaks_a_rule_changes_nothing()
    {
        await RefusedAsync("invalid_name", "name", tx => Catalog.Create(tx, Declared("'; DROP TABLE dataset; --")));
        Assert.Single(Catalog.List(Tenant.Default));
    }

    [Fact]
    public async Task Fields_seen_by_two_batches_at_once_are_added_once()
    {
        long id = Events.Id;
        FieldDeclaration[] fields = [Datasets.Declared("metadata.device", classification: Datasets.Suggested), Datasets.Declared("metadata.os", classification: Datasets.Suggested)];
        Dataset[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => WriteAsync(tx => Catalog.AddFields(tx, id, fields))));
        Assert.Equal(5, Events.Fields.Length);
        Assert.All(results, r => Assert.Equal(Events.Find("metadata.os")!.Id, r.Find("metadata.os")!.Id));
    }

    [Fact]
    public async Task A_field_seen_in_traffic_does_not_change_what_analysts_can_tell()
    {
        int version = Events.Version;
        await WriteAsync(tx => Catalog.AddFields(tx, Events.Id, [Datasets.Declared("metadata.device", classification: Datasets.Suggested)]));
        Assert.Equal(version, Events.Version);
        await WriteAsync(tx => Catalog.ChangeField(tx, Events.Id, "metadata.device", f => f with { Classification = Datasets.Confirmed }));
        Assert.Equal(version + 1, Events.Version);
    }

    [Fact]
    public async Task A_change_of_nothing_keeps_the_version_and_one_of_the_domain_does_not()
    {
        await WriteAsync(tx => Catalog.ChangeField(tx, Events.Id, "action", f => f with { Domain = ["a", "b"] }));
        int version = Events.Version;
        await WriteAsync(tx => Catalog.ChangeField(tx, Events.Id, "action", f => f));
        await WriteAsync(tx => Catalog.ChangeField(tx, Events.Id, "action", f => f with { Domain = ["a", "b"] }));
        Assert.Equal(version, Events.Version);
        await WriteAsync(tx => Catalog.ChangeField(tx, Events.Id, "action", f => f with { Domain = ["b", "a"] }));
        Assert.Equal(version + 1, Events.Version);
    }

    [Fact]
    public async Task Beyond_500_fields_nothing_is_added()
    {
        FieldDeclaration[] fields = [.. Enumerable.Range(0, 600).Select(i => Datasets.Declared($"metadata.f{i}"))];
        Dataset full = await WriteAsync(tx => Catalog.AddFields(tx, Events.Id, fields));
        Assert.Equal(DatasetRules.MaxFields, full.Fields.Length);
        Assert.NotNull(full.Find("metadata.f496"));
        Assert.Null(full.Find("metadata.f497"));
        Assert.Equal(full.Fields.Length, (await WriteAsync(tx => Catalog.AddFields(tx, Events.Id, [Datasets.Declared("one.more")]))).Fields.Length);
    }

    [Fact]
    public async Task Fields_seen_in_traffic_take_half_of_the_room_at_most()
    {
        FieldDeclaration[] seen = [.. Enumerable.Range(0, 300).Select(i => Datasets.Declared($"metadata.f{i}", classification: Datasets.Suggested))];
        Dataset full = await WriteAsync(tx => Catalog.AddFields(tx, Events.Id, seen));
        Assert.Equal(3 + DatasetRules.MaxDiscoveredFields, full.Fields.Length);
        Assert.Null(full.Find("metadata.f250"));
        Assert.NotNull((await WriteAsync(tx => Catalog.AddFields(tx, Events.Id, [Datasets.Declared("one.more")]))).Find("one.more"));
    }

    [Fact]
    public async Task A_field_keeps_its_column_unless_its_treatment_changes()
    {
        await WriteAsync(tx => Catalog.AddFields(tx, Events.Id, [Datasets.Declared("a"), Datasets.Declared("b")]));
        long id = Events.Find("a")!.Id;
        await WriteAsync(tx => Catalog.ChangeField(tx, Events.Id, "a", f => f with { Domain = ["x"] }));
        Assert.Equal(id, Events.Find("a")!.Id);
        await WriteAsync(tx => Catalog.ChangeField(tx, Events.Id, "a", f => f with { Domain = null, Treatment = new(TreatmentKind.Seal) }));
        long @sealed = Events.Find("a")!.Id;
        Assert.True(@sealed > Events.Find("b")!.Id);
        await WriteAsync(tx => Catalog.ChangeField(tx, Events.Id, "a", f => f with { Treatment = new(TreatmentKind.Keep) }));
        Assert.Equal(@sealed, Events.Find("a")!.Id);
        Assert.Equal(["user_id", "timestamp", "action", "a", "b"], Events.Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task Name_type_subject_and_time_are_never_changed()
    {
        await RefusedAsync("immutable", "name", tx => Catalog.ChangeField(tx, Events.Id, "action", f => f with { Name = "deed" }));
        await RefusedAsync("immutable", "type", tx => Catalog.ChangeField(tx, Events.Id, "action", f => f with { Type = FieldType.Uuid }));
        await RefusedAsync("invalid_value", "treatment", tx => Catalog.ChangeField(tx, Events.Id, "user_id", f => f with { Treatment = new(TreatmentKind.Keep) }));
        await RefusedAsync("immutable", "role", tx => Catalog.ChangeField(tx, Events.Id, "timestamp", f => f with { Role = FieldRole.Dimension }));
    }

    [Fact]
    public async Task What_is_not_there_is_told()
    {
        await RefusedAsync("unknown_dataset", "dataset", tx => Catalog.AddFields(tx, 99, []));
        await RefusedAsync("unknown_field", "field", tx => Catalog.ChangeField(tx, Events.Id, "nobody", f => f));
        await RefusedAsync("invalid_name", "name", tx => Catalog.PutMetric(tx, Events.Id, new Metric("Bad Name", "{}", false)));
    }

    [Fact]
    public async Task A_metric_is_replaced_under_its_name()
    {
        await WriteAsync(tx => Catalog.PutMetric(tx, Events.Id, new Metric("m", "{}", false)));
        await WriteAsync(tx => Catalog.PutMetric(tx, Events.Id, new Metric("m", "{\"a\":1}", true)));
        Assert.Equal([new Metric("m", "{\"a\":1}", true)], Events.Metrics);
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static DatasetDeclaration Declared(string name) => EventsDataset.Declaration(Tenant.Default) with { Name = name };

    private static Field Plain(Field field) => field with { Domain = null, Treatment = field.Treatment with { Format = null } };

    private Task<T> WriteAsync<T>(Func<ControlTransaction, T> work) => _stores.Control.WriteAsync(work, Token);

    private async Task RefusedAsync(string code, string path, Func<ControlTransaction, Dataset> work)
    {
        CatalogRuleException refusal = await Assert.ThrowsAsync<CatalogRuleException>(() => WriteAsync(work));
        Assert.Contains(refusal.Errors, e => (e.Code, e.Path) == (code, path));
    }
}
