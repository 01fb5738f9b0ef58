using System.Collections.Immutable;
using Opaline.Catalog;
using Opaline.Tokenization;

namespace Opaline.Platform.Tests.Catalog.Rules;

public class DatasetRulesTests
{
    private static readonly Classification Confirmed = new(ClassificationLevel.Internal, "user.behavior", ClassificationState.Confirmed, ClassificationSource.Manual);

    private static readonly DatasetDeclaration Good = EventsDataset.Declaration(Tenant.Default);

    private static readonly FieldDeclaration Amount = new(
        "amount", FieldType.Decimal, FieldRole.Measure, Confirmed, new(TreatmentKind.Keep), null, new MeasureBounds(0m, 200m, 0.01m));

    private static readonly FieldDeclaration Shop = new("shop", FieldType.String, FieldRole.Dimension, Confirmed, new(TreatmentKind.Keep), ["a", "b"]);

    [Fact]
    public void The_built_in_dataset_keeps_every_rule() => Assert.Empty(DatasetRules.Check(Good));

    [Fact]
    public void A_dataset_with_a_measure_and_a_domain_keeps_every_rule() => Assert.Empty(DatasetRules.Check(With(Amount, Shop)));

    [Theory]
    [InlineData("")]
    [InlineData("Events")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("events; DROP TABLE dataset")]
    [InlineData("events'--")]
    [InlineData("données")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void A_bad_dataset_name_is_refused(string name)
    {
        Refused("invalid_name", "name", Good with { Name = name });
        Assert.False(DatasetRules.IsDatasetName(name));
        Refused("invalid_name", "tenant", Good with { Tenant = new Tenant(name) });
        Refused("invalid_name", "subject_scope", Good with { SubjectScope = name });
    }

    [Theory]
    [InlineData("metadata.device")]
    [InlineData("Order ID")]
    [InlineData("größe")]
    [InlineData("$lib:version/2 #a+b@c-d")]
    public void A_field_may_be_called(string name) => Assert.True(DatasetRules.IsFieldName(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" lead")]
    [InlineData("trail ")]
    [InlineData("nul\0inside")]
    [InlineData("line\nbreak")]
    [InlineData("quote\"")]
    [InlineData("it's")]
    [InlineData("x); DROP TABLE dataset_1; --")]
    [InlineData("back\\slash")]
    [InlineData("zero\u200Bwidth")]
    [InlineData("turned\u202Eround")]
    [InlineData("lone\uD800surrogate")]
    public void A_field_may_not_be_called(string? name)
    {
        Assert.False(DatasetRules.IsFieldName(name));
        Refused("invalid_name", "fields[3].name", With(Shop with { Name = name! }));
    }

    [Fact]
    public void A_field_name_has_at_most_128_characters()
    {
        Assert.True(DatasetRules.IsFieldName(new string('a', 128)));
        Assert.False(DatasetRules.IsFieldName(new string('a', 129)));
    }

    [Fact]
    public void Subject_and_time_are_declared_exactly_once_each()
    {
        Refused("missing_field", "fields", Good with { Fields = [] });
        Refused("missing_field", "fields", Good with { Fields = [.. Good.Fields.Skip(1)] });
        Refused("missing_field", "fields", Good with { Fields = [Good.Fields[0], Good.Fields[2]] });
        Refused("missing_field", "fields", With(Good.Fields[0] with { Name = "second" }));
        Refused("missing_field", "fields", With(Good.Fields[1] with { Name = "second" }));
    }

    [Fact]
    public void A_name_is_used_once() => Refused("duplicate_name", "fields[3].name", With(Shop with { Name = "action" }));

    [Fact]
    public void The_subject_is_tokenized_and_the_time_kept()
    {
        Refused("invalid_value", "fields[0].treatment", Good with { Fields = [Good.Fields[0] with { Treatment = new(TreatmentKind.Keep) }, .. Good.Fields.Skip(1)] });
        Refused("invalid_value", "fields[1].treatment", Good with { Fields = [Good.Fields[0], Good.Fields[1] with { Treatment = new(TreatmentKind.Seal) }] });
        Refused("invalid_value", "fields[1].type", Good with { Fields = [Good.Fields[0], Good.Fields[1] with { Type = FieldType.String }] });
    }

    public static TheoryData<string, string> BadMeasures => new()
    {
        { "5 1 1", "fields[3].measure.upper" },
        { "1 1 1", "fields[3].measure.upper" },
        { "0 1 0", "fields[3].measure.granularity" },
        { "0 1 -1", "fields[3].measure.granularity" },
        { "0 1 0.0000001", "fields[3].measure.granularity" },
        { "0.5 2 1", "fields[3].measure.lower" },
        { "0 2.5 1", "fields[3].measure.upper" },
        { "0 2000000000000 1", "fields[3].measure.upper" },
        { "-79228162514264337593543950335 0 0.000001", "fields[3].measure.lower" },
        { "0 79228162514264337593543950335 1", "fields[3].measure.upper" },
    };

    [Theory]
    [MemberData(nameof(BadMeasures))]
    public void Bad_measure_bounds_are_refused(string bounds, string path)
    {
        decimal[] parts = [.. bounds.Split(' ').Select(p => decimal.Parse(p, System.Globalization.CultureInfo.InvariantCulture))];
        Refused("invalid_value", path, With(Amount with { Measure = new MeasureBounds(parts[0], parts[1], parts[2]) }));
    }

    [Fact]
    public void A_measure_needs_bounds_a_number_and_to_be_kept()
    {
        Refused("missing_field", "fields[3].measure", With(Amount with { Measure = null }));
        Refused("invalid_value", "fields[3].type", With(Amount with { Type = FieldType.String }));
        Refused("invalid_value", "fields[3].treatment", With(Amount with { Treatment = new(TreatmentKind.Seal) }));
        Refused("invalid_value", "fields[3].measure", With(Shop with { Measure = Amount.Measure }));
    }

    [Fact]
    public void A_bad_domain_is_refused()
    {
        Refused("too_many", "fields[3].domain", With(Shop with { Domain = [] }));
        Refused("too_many", "fields[3].domain", With(Shop with { Domain = [.. Enumerable.Range(0, 10_001).Select(i => $"v{i}")] }));
        Refused("duplicate_name", "fields[3].domain", With(Shop with { Domain = ["a", "a"] }));
        Refused("invalid_value", "fields[3].domain", With(Shop with { Domain = ["a\0"] }));
        Refused("invalid_value", "fields[3].domain", With(Shop with { Domain = [""] }));
        Refused("invalid_value", "fields[3].domain", With(Shop with { Treatment = new(TreatmentKind.Tokenize) }));
        Refused("invalid_value", "fields[3].domain", With(Amount with { Domain = ["1"] }));
        Refused("too_many", "fields[3].domain", With(Shop with { Domain = default(ImmutableArray<string>) }));
    }

    [Fact]
    public void Free_text_is_never_kept() =>
        Refused("invalid_value", "fields[3].treatment", With(Shop with { Role = FieldRole.Text, Domain = null }));

    [Fact]
    public void A_generalizer_stands_where_one_is_needed_and_nowhere_else()
    {
        Refused("invalid_value", "fields[3].generalizer", With(Shop with { Treatment = new(TreatmentKind.Mask) }));
        Refused("invalid_value", "fields[3].generalizer", With(Shop with { Treatment = new(TreatmentKind.Generalize, "montth") }));
        Refused("invalid_value", "fields[3].generalizer", With(Shop with { Treatment = new(TreatmentKind.Generalize, "age_band:1") }));
        Refused("invalid_value", "fields[3].generalizer", With(Shop with { Treatment = new(TreatmentKind.Generalize, "bands:" + new string('1', 300)) }));
        Refused("invalid_value", "fields[3].generalizer", With(Shop with { Treatment = new(TreatmentKind.Generalize, "keep_last:4") }));
        Refused("invalid_value", "fields[3].generalizer", With(Shop with { Treatment = new(TreatmentKind.Mask, "month") }));
        Refused("invalid_value", "fields[3].generalizer", With(Shop with { Treatment = new(TreatmentKind.Keep, "month") }));
    }

    [Fact]
    public void A_format_is_legal_and_of_a_tokenized_field_that_is_not_the_subject()
    {
        TokenFormat card = TokenFormat.DefaultFor(ValueKind.Card);
        Assert.Empty(DatasetRules.Check(With(Shop with { Domain = null, Treatment = new(TreatmentKind.Tokenize, null, card) })));
        Refused("invalid_value", "fields[3].format", With(Shop with { Treatment = new(TreatmentKind.Keep, null, card) }));
        Refused("invalid_value", "fields[0].format", Good with
        {
            Fields = [.. Good.Fields.Select(f => f.Role == FieldRole.Subject ? f with { Treatment = new(TreatmentKind.Tokenize, null, card) } : f)],
        });
        CatalogError small = Assert.Single(DatasetRules.Check(With(
            Shop with { Domain = null, Treatment = new(TreatmentKind.Tokenize, null, card with { KeepPrefix = 8, MinLength = 16, MaxLength = 16 }) })));
        Assert.Equal("fields[3].format.values", small.Path);
        Assert.Contains("Domain size: 1,000.", small.Reason, StringComparison.Ordinal);
        Assert.Contains("keep_prefix: 0 with keep_suffix: 4", small.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mars/Olympus")]
    [InlineData("../../etc/passwd")]
    [InlineData("UTC\0")]
    public void An_unknown_zone_is_refused(string zone) => Refused("invalid_value", "time_zone", Good with { TimeZone = zone });

    [Fact]
    public void The_public_range_is_utc_ordered_and_bounded()
    {
        DateTime begin = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Refused("invalid_value", "public_range", Good with { PublicRange = new TimeRange(begin, begin) });
        Refused("invalid_value", "public_range", Good with { PublicRange = new TimeRange(begin, DateTime.SpecifyKind(begin.AddDays(1), DateTimeKind.Unspecified)) });
        Refused("invalid_value", "public_range", Good with { PublicRange = new TimeRange(begin, begin.AddYears(101)) });
        Refused("invalid_value", "public_range", Good with { PublicRange = default });
        Refused("invalid_value", "public_range", Good with { PublicRange = new TimeRange(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), begin) });
    }

    [Theory]
    [InlineData(0, 5, "bounds.groups")]
    [InlineData(10_001, 5, "bounds.groups")]
    [InlineData(10, 0, "bounds.rows_per_group")]
    [InlineData(10, int.MaxValue, "bounds.rows_per_group")]
    public void Contribution_bounds_are_bounded(int groups, int rows, string path) =>
        Refused("invalid_value", path, Good with { Bounds = new ContributionBounds(groups, rows) });

    [Fact]
    public void A_declaration_has_at_most_500_fields() =>
        Refused("too_many", "fields", With([.. Enumerable.Range(0, 498).Select(i => Shop with { Name = $"f{i}" })]));

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        IReadOnlyList<CatalogError> errors = DatasetRules.Check(With(Shop with { Name = "" }, Amount with { Measure = null }) with { Name = "", TimeZone = "x" });
        Assert.Equal(["name", "time_zone", "fields[3].name", "fields[4].measure"], errors.Select(e => e.Path));
    }

    private static DatasetDeclaration With(params FieldDeclaration[] fields) => Good with { Fields = [.. Good.Fields, .. fields] };

    private static void Refused(string code, string path, DatasetDeclaration declaration) =>
        Assert.Contains(DatasetRules.Check(declaration), e => (e.Code, e.Path) == (code, path) && e.Reason.Length > 0);
}
