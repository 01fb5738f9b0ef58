using System.Text;
using Opaline.Ingestion;

namespace Opaline.Platform.Tests.Ingestion.Validation;

public class BatchReaderTests
{
    private static readonly string Good = IngestFixture.Event();

    [Fact]
    public void One_event_an_array_and_lines_are_the_same_events()
    {
        Assert.Single(Reading.Read(Good).Events);
        Assert.Equal(3, Reading.Read($" [ {Good},\n{Good} , {Good} ] ").Events.Count);
        Assert.Equal(3, Reading.Read($"{Good}\n\r\n{Good}\r\n  \n{Good}", BodyFormat.NdJson).Events.Count);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_body()
    {
        byte[] marked = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)];
        Assert.Single(Reading.Read(marked).Events);
        Assert.Single(Reading.Read(marked, BodyFormat.NdJson).Events);
    }

    [Fact]
    public void The_good_events_of_an_array_survive_the_bad_ones()
    {
        ParsedBatch batch = Reading.Read($"[{Good},{{}},{Good},5,{{\"a\":{{\"b\":[1]}},\"a\":1}},{Good}]");
        Assert.Equal([0, 2, 5], batch.Events.Select(e => e.Index));
        Assert.Equal([1, 3, 4], batch.Errors.Select(e => e.Index));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("[")]
    [InlineData("nope")]
    [InlineData("[{},]")]
    [InlineData("[{}] x")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{'a':1}")]
    [InlineData("[{\"a\":\"\u0001\"}]")]
    [InlineData("// comment\n{}")]
    public void Broken_json_refuses_the_whole_document(string body)
    {
        IngestRefusedException refused = Assert.Throws<IngestRefusedException>(() => Reading.Read(body));
        Assert.Equal(IngestRefusals.MalformedJson, refused.Code);
    }

    [Fact]
    public void Broken_json_behind_good_events_of_an_array_refuses_them_too()
    {
        IngestRefusedException refused = Assert.Throws<IngestRefusedException>(() => Reading.Read($"[{Good},{Good},{{\"a\" 1}}]"));
        Assert.Equal(IngestRefusals.MalformedJson, refused.Code);
    }

    [Fact]
    public void Broken_json_in_lines_refuses_its_line_only()
    {
        ParsedBatch batch = Reading.Read($"{Good}\n{{\"user_id\":\n{Good} {Good}\n[{Good}]\n{{}}\n{Good}\n\"x", BodyFormat.NdJson);
        Assert.Equal([0, 5], batch.Events.Select(e => e.Index));
        Assert.Equal([1, 2, 3, 4, 6], batch.Errors.Select(e => e.Index));
        Assert.Equal(3, batch.Malformed);
    }

    [Fact]
    public void Text_that_is_no_utf_8_refuses_the_document_or_its_line()
    {
        byte[] bad = [.. Encoding.UTF8.GetBytes("{\"a\":\""), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\"}")];
        Assert.Equal(IngestRefusals.MalformedJson, Assert.Throws<IngestRefusedException>(() => Reading.Read(bad)).Code);
        ParsedBatch batch = Reading.Read([.. bad, (byte)'\n', .. Encoding.UTF8.GetBytes(Good)], BodyFormat.NdJson);
        Assert.Single(batch.Events);
        Assert.Equal(1, batch.Malformed);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Ten_thousand_levels_refuse_their_event_only(char open, char close)
    {
        string deep = open == '['
            ? new string(open, 10_000) + new string(close, 10_000)
            : string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string(close, 10_000);
        ParsedBatch batch = Reading.Read($"[{Good},{{\"a\":{deep}}},{deep},{Good}]");
        Assert.Equal([0, 3], batch.Events.Select(e => e.Index));
        Assert.Contains("levels deep", batch.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deep_document_that_never_closes_is_malformed() =>
        Assert.Equal(IngestRefusals.MalformedJson, Assert.Throws<IngestRefusedException>(() => Reading.Read(new string('[', 200_000))).Code);

    [Fact]
    public void More_events_than_allowed_are_refused_as_a_whole()
    {
        IngestRefusedException refused = Assert.Throws<IngestRefusedException>(
            () => Reading.Read($"{Good}\n{Good}\n{Good}", BodyFormat.NdJson, o => o.MaxEventsPerBatch = 2));
        Assert.Equal(IngestRefusals.TooManyEvents, refused.Code);
        Assert.Equal(2, Reading.Read($"{Good}\n{Good}\n\n", BodyFormat.NdJson, o => o.MaxEventsPerBatch = 2).Events.Count);
    }

    [Fact]
    public void At_most_a_hundred_faults_are_listed_and_all_are_counted()
    {
        ParsedBatch batch = Reading.Read("[" + string.Join(',', Enumerable.Repeat("{}", 250)) + "]");
        Assert.Equal(250, batch.Rejected);
        Assert.Equal(100, batch.Errors.Count);
    }
}
