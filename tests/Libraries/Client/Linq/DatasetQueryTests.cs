using System.Linq.Expressions;
using System.Text.Json;
using Opaline.Client.Contracts;
using Opaline.Client.Linq;

namespace Opaline.Libraries.Tests.Client.Linq;

/// <summary>Expression trees become the JSON form of a query, and nothing of them is run.</summary>
public sealed class DatasetQueryTests
{
    private static readonly string[] Countries = ["AT", "DE"];
    private static readonly List<string> More = ["CH"];

    private static DatasetQuery<Visit> Visits => new(null, "events");

    public static TheoryData<string, Expression<Func<Visit, bool>>> Conditions()
    {
        string country = "AT";
        double threshold = 3.7;
        DateTimeOffset instant = new(2024, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));
        return new TheoryData<string, Expression<Func<Visit, bool>>>
        {
            { """[{"field":"country","op":"eq","value":"AT"}]""", v => v.Country == country },
            { """[{"field":"country","op":"eq","value":"AT"}]""", v => country == v.Country },
            { """[{"field":"amount","op":"lt","value":5}]""", v => 5 > v.Amount },
            { """[{"field":"amount","op":"ge","value":1.5}]""", v => v.Amount >= 1.5m },
            { """[{"field":"country","op":"ne","value":"AT"},{"field":"vip"}]""", v => v.Country != "AT" && v.Vip },
            { """[{"op":"or","args":[{"field":"vip"},{"field":"plan","op":"is_null"},{"field":"age","op":"gt","value":18}]}]""", v => v.Vip || v.Plan == null || v.Age > 18 },
            { """[{"op":"not","args":[{"field":"vip"}]}]""", v => !v.Vip },
            { """[{"field":"age","op":"not_null"}]""", v => v.Age.HasValue },
            { """[{"field":"plan","op":"not_null"}]""", v => v.Plan != null },
            { """[{"field":"country","op":"in","values":["AT","DE"]}]""", v => Countries.Contains(v.Country) },
            { """[{"field":"country","op":"in","values":["CH"]}]""", v => More.Contains(v.Country) },
            { """[{"field":"metadata.browser","op":"starts_with","value":"fire"}]""", v => v.Metadata.Browser.StartsWith("fire", StringComparison.Ordinal) },
            { """[{"field":"session.length","op":"le","value":3.25}]""", v => v.Length <= 3.25 },
            { """[{"field":"device","op":"eq","value":"desk_top"}]""", v => v.Device == Device.DeskTop },
            { """[{"field":"timestamp","op":"ge","value":"2024-01-02T02:04:05Z"}]""", v => v.Timestamp >= instant },
            { """[{"field":"birthday","op":"lt","value":"2000-01-01"}]""", v => v.Birthday < new DateOnly(2000, 1, 1) },
            { """[{"op":"gt","args":[{"op":"multiply","args":[{"field":"amount"},{"value":2}]},{"value":10}]}]""", v => v.Amount * 2 > 10 },
            { """[{"op":"eq","args":[{"op":"coalesce","args":[{"field":"plan"},{"value":"free"}]},{"value":"free"}]}]""", v => (v.Plan ?? "free") == "free" },
            { """[{"op":"eq","args":[{"op":"extract","args":[{"value":"hour"},{"field":"timestamp"}]},{"value":9}]}]""", v => v.Timestamp.Hour == 9 },
            { """[{"op":"eq","args":[{"op":"prefix","args":[{"field":"country"},{"value":1}]},{"value":"A"}]}]""", v => v.Country.Substring(0, 1) == "A" },
            { """[{"op":"or","args":[{"field":"plan","op":"ne","value":"pro"},{"field":"plan","op":"is_null"}]}]""", v => v.Plan != "pro" },
            { """[{"op":"or","args":[{"field":"plan","op":"ne","value":"pro"},{"field":"plan","op":"is_null"}]}]""", v => !(v.Plan == "pro") },
            { """[{"op":"or","args":[{"field":"age","op":"ne","value":4},{"field":"age","op":"is_null"}]}]""", v => v.Age != 4 },
            { """[{"op":"or","args":[{"op":"not","args":[{"field":"plan","op":"in","values":["CH"]}]},{"field":"plan","op":"is_null"}]}]""", v => !More.Contains(v.Plan!) },
            { """[{"op":"or","args":[{"op":"ne","args":[{"field":"plan"},{"field":"country"}]},{"field":"plan","op":"is_null"}]}]""", v => v.Plan != v.Country },
            { """[{"field":"country","op":"ne","value":"AT"}]""", v => !(v.Country == "AT") },
            { """[{"op":"ne","args":[{"op":"coalesce","args":[{"field":"plan"},{"value":"free"}]},{"value":"free"}]}]""", v => (v.Plan ?? "free") != "free" },
            { """[{"field":"quantity","op":"eq","value":4}]""", v => (long)v.Quantity == 4 },
            { """[{"field":"session.length","op":"ge","value":1.5}]""", v => v.Length >= 1.5 },
            { """[{"field":"quantity","op":"gt","value":3}]""", v => v.Quantity > (int)threshold },
            { """[{"field":"grade","op":"eq","value":"a"}]""", v => v.Grade == 'a' },
            { """[{"op":"eq","args":[{"op":"floor","args":[{"op":"divide","args":[{"field":"quantity"},{"value":10}]}]},{"value":2}]}]""", v => Math.Floor((decimal)v.Quantity / 10) == 2 },
            { """[{"op":"gt","args":[{"op":"least","args":[{"field":"amount"},{"value":7}]},{"field":"amount"}]}]""", v => Math.Min(v.Amount, 7m) > v.Amount },
        };
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_condition_has_its_form(string json, Expression<Func<Visit, bool>> condition) =>
        Assert.Equal(json, JsonSerializer.Serialize(Visits.Where(condition).Count().Document.Where, OpalineJson.Options));

    [Fact]
    public void Conditions_keys_range_and_measures_make_one_query()
    {
        PrivateQuery query = Visits
            .Where(v => v.Country == "AT")
            .Where(v => v.Amount > 5)
            .Between(new DateOnly(2024, 1, 1), new DateOnly(2024, 2, 1))
            .InZone("Europe/Vienna")
            .GroupBy(v => new { Day = Row.Day(v.Timestamp), v.Plan, Band = Row.Bucket(v.Amount, 10) })
            .WithContribution(5, 2)
            .WithEpsilon(0.5)
            .Select(r => r.Count(), r => r.Sum(v => v.Amount, "total"), r => r.Count(v => v.Vip, "vips"), r => r.Quantiles(v => v.Amount, [0.5m, 0.9m]));
        Assert.Equal(
            """
            {"dataset":"events","measures":[{"function":"count"},{"function":"sum","field":"amount","name":"total"},
            {"function":"count","filter":{"field":"vip"},"name":"vips"},{"function":"quantiles","field":"amount","ranks":[0.5,0.9]}],
            "where":[{"field":"country","op":"eq","value":"AT"},{"field":"amount","op":"gt","value":5}],
            "group_by":[{"period":"day"},{"field":"plan"},{"expression":{"op":"bucket","args":[{"field":"amount"},{"value":10}]},"name":"band"}],
            "from":"2024-01-01","to":"2024-02-01","time_zone":"Europe/Vienna","contribution":{"groups":5,"rows_per_group":2},"epsilon":0.5}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(query.Document, OpalineJson.Options));
    }

    [Fact]
    public void A_choice_becomes_a_case() => Assert.Equal(
        """{"op":"case","args":[{"field":"vip"},{"value":"a"},{"field":"age","op":"gt","value":60},{"value":"b"},{"value":"c"}]}""",
        JsonSerializer.Serialize(Visits.GroupBy(v => v.Vip ? "a" : v.Age > 60 ? "b" : "c").Count().Document.GroupBy![0].Expression, OpalineJson.Options));

    [Fact]
    public void What_has_no_form_is_refused_while_it_is_built()
    {
        Assert.Throws<NotSupportedException>(() => Visits.Where(v => v.Country.Length > 3));
        Assert.Throws<NotSupportedException>(() => Visits.Where(v => v.Country.Trim() == "AT"));
        Assert.Throws<NotSupportedException>(() => Visits.GroupBy(v => v.Country + v.Plan));
        Assert.Throws<NotSupportedException>(() => Visits.Where(v => v.Country.StartsWith("a", StringComparison.OrdinalIgnoreCase)));
        Assert.Throws<NotSupportedException>(() => Visits.Where(v => v.ToString() == "x"));
        // Periods cannot be named, so the answer would have another name.
        Assert.Throws<NotSupportedException>(() => Visits.GroupBy(v => new { When = Row.Day(v.Timestamp) }));
        Assert.Throws<NotSupportedException>(() => Row.Day(DateTimeOffset.UnixEpoch));
    }

    // Each of these once lost its conversion, its cut or its missing values on the way.
    [Fact]
    public void What_would_ask_something_else_is_refused_and_says_what_to_write()
    {
        Refused("Math.Floor", () => Visits.GroupBy(v => (int)v.Length));
        Refused("Math.Floor", () => Visits.GroupBy(v => new { Whole = (long)v.Amount }));
        Refused("Math.Floor", () => Visits.Sum(v => (int)v.Amount));
        Refused("Math.Floor", () => Visits.Where(v => (byte)v.Quantity == 4));
        Refused("Math.Floor", () => Visits.Where(v => (float)v.Amount > 1));
        // A decimal has 15 of a double's digits, a float 24 of a whole number's bits.
        Refused("Math.Floor", () => Visits.Where(v => (decimal)v.Length > 0.3m));
        Refused("Math.Floor", () => Visits.Where(v => v.Quantity == 16_777_216f));
        Refused("Math.Floor", () => Visits.Where(v => checked((short)v.Quantity) > 1));
        Refused("can be missing", () => Visits.Where(v => (v.Age > 17) == false));
        Refused("Math.Floor((decimal)x / y)", () => Visits.GroupBy(v => v.Quantity / 10));
        Refused("Math.Floor((decimal)x / y)", () => Visits.Where(v => v.Age / 10 == 2));
        Refused("turn the comparison round", () => Visits.Where(v => !(v.Age > 18)));
        Refused("turn the comparison round", () => Visits.Where(v => !(v.Vip && v.Plan == "pro")));
        Refused("??", () => Visits.Where(v => v.Plan != v.Metadata.Language));
        Refused("no form", () => Visits.Where(v => ~v.Quantity == 1));
    }

    private static void Refused(string advice, Func<object> build) => Assert.Contains(advice, Assert.Throws<NotSupportedException>(build).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_question_without_a_client_cannot_be_asked() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Visits.Count().AskAsync(cancellationToken: TestContext.Current.CancellationToken));
}
