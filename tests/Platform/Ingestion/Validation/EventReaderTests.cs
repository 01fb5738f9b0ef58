using Opaline.Ingestion;

namespace Opaline.Platform.Tests.Ingestion.Validation;

public class EventReaderTests
{
    private const string Good = "\"user_id\":\"ann\",\"action\":\"login\",\"timestamp\":\"2025-06-01T12:00:00Z\"";

    public static TheoryData<string, string, string> Faults => new()
    {
        { "17", "$", "JSON object" },
        { "[[]]", "$", "JSON object" },
        { "null", "$", "JSON object" },
        { "{}", "$.user_id", "required" },
        { """{"user_id":null,"action":"a","timestamp":"2025-06-01T12:00:00Z"}""", "$.user_id", "required" },
        { """{"user_id":"","action":"a","timestamp":"2025-06-01T12:00:00Z"}""", "$.user_id", "1 to 512" },
        { """{"user_id":"  ","action":"a","timestamp":"2025-06-01T12:00:00Z"}""", "$.user_id", "1 to 512" },
        { """{"user_id":"\u2003","action":"a","timestamp":"2025-06-01T12:00:00Z"}""", "$.user_id", "1 to 512" },
        { """{"user_id":true,"action":"a","timestamp":"2025-06-01T12:00:00Z"}""", "$.user_id", "text or a whole number" },
        { """{"user_id":1.5,"action":"a","timestamp":"2025-06-01T12:00:00Z"}""", "$.user_id", "text or a whole number" },
        { """{"user_id":["ann"],"action":"a","timestamp":"2025-06-01T12:00:00Z"}""", "$.user_id", "single value" },
        { """{"user_id":"a\u0000b","action":"a","timestamp":"2025-06-01T12:00:00Z"}""", "$.user_id", "control characters" },
        { """{"user_id":"ann","timestamp":"2025-06-01T12:00:00Z"}""", "$.action", "required" },
        { """{"user_id":"ann","action":null,"timestamp":"2025-06-01T12:00:00Z"}""", "$.action", "required" },
        { """{"user_id":"ann","action":"a"}""", "$.timestamp", "required" },
        { """{"user_id":"ann","action":"a","timestamp":1705314600}""", "$.timestamp", "RFC 3339" },
        { """{"user_id":"ann","action":"a","timestamp":"2025-06-01"}""", "$.timestamp", "RFC 3339" },
        { """{"user_id":"ann","action":"a","timestamp":{"at":1}}""", "$.timestamp", "single value" },
        { """{"user_id":"ann","action":"a","timestamp":"9999-12-31T23:59:59Z"}""", "$.timestamp", "declared time range" },
        { """{"user_id":"ann","action":"a","timestamp":"2014-12-31T23:59:59Z"}""", "$.timestamp", "declared time range" },
        { """{"user_id":"ann","action":"a","timestamp":"2026-01-01T00:05:00.000001Z"}""", "$.timestamp", "future" },
        { With("\"user_id\":\"bob\""), "$.user_id", "stands twice" },
        { With("\"metadata\":{\"a\":1,\"a\":2}"), "$.metadata.a", "stands twice" },
        { With("\"metadata\":{\"a\":1},\"metadata\":{\"b\":2}"), "$.metadata", "stands twice" },
        { With("\"metadata\":{\"a\":1},\"metadata.a\":2"), "$.metadata.a", "stands twice" },
        { With("\"metadata\":{\"a\":1,\"\\u0061\":2}"), "$.metadata.a", "stands twice" },
        { With("\"metadata\":{\"list\":[{\"a\":1,\"a\":2}]}"), "$.metadata.list", "name twice" },
        { With("\"metadata\":{\"a\\u0000b\":1}"), "$.metadata", "control character" },
        { With("\"a\\u007fb\":1"), "$", "control character" },
        { With("\"a\\u0085b\":1"), "$", "control character" },
        { With("\"metadata\":{\"list\":[{\"\\u0001\":1}]}"), "$.metadata.list", "control character" },
        { With("\"metadata\":{\"\\ud800\":1}"), "$.metadata", "not valid Unicode" },
        { With("\"metadata\":{\"a\":\"\\udc00 x\"}"), "$.metadata.a", "not valid Unicode" },
        { With("\"metadata\":{\"list\":[\"\\ud800\"]}"), "$.metadata.list", "not valid Unicode" },
        { With("\"metadata\":{\"a\":" + new string('1', 65) + "}"), "$.metadata.a", "at most 64 characters" },
        { With("\"metadata\":{\"a\":\"" + new string('x', 8_193) + "\"}"), "$.metadata.a", "at most 8192 bytes" },
        { With("\"" + new string('n', 1_025) + "\":1"), "$", "at most 1024 bytes" },
        { With("\"event_id\":\"\""), "$.event_id", "1 to 256" },
        { With("\"event_id\":\"" + new string('i', 257) + "\""), "$.event_id", "1 to 256" },
        { With("\"event_id\":true"), "$.event_id", "text or a number" },
        { With("\"event_id\":{\"a\":1}"), "$.event_id", "single value" },
        { With("\"a\":" + Nested(16)), "$.a.a.a.a.a", "16 levels" },
        { With("\"metadata\":{\"user@example.com\":\"\\ud800\"}"), "$.metadata.*.com", "not valid Unicode" },
        { With("\"metadata\":{\"4111111111111111\":\"\\ud800\"}"), "$.metadata.*", "not valid Unicode" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_bad_event_is_refused_with_its_path_and_reason(string json, string path, string reason)
    {
        EventError fault = Reading.Fault(json);
        Assert.Equal(0, fault.Index);
        Assert.Equal(path, fault.Path);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void More_properties_than_allowed_are_refused_wherever_they_stand()
    {
        string flat = string.Join(',', Enumerable.Range(0, 198).Select(i => $"\"p{i}\":{i}"));
        Assert.Contains("200 properties", Reading.Fault(With(flat)).Reason, StringComparison.Ordinal);
        Assert.Contains("200 properties", Reading.Fault(With("\"list\":[{" + flat + "}]")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_of_more_bytes_than_allowed_is_refused()
    {
        string wide = string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"p{i}\":\"{new string('x', 100)}\""));
        Assert.Contains("bytes", Reading.Fault(With(wide), o => o.MaxEventBytes = 4_096).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_just_allowed_is_accepted()
    {
        string flat = string.Join(',', Enumerable.Range(0, 196).Select(i => $"\"p{i}\":{i}"));
        Assert.Single(Reading.Read(With("\"event_id\":7," + flat)).Events);
        Assert.Single(Reading.Read(With("\"a\":" + Nested(15))).Events);
        Assert.Single(Reading.Read(With("\"text\":\"" + new string('x', 8_192) + "\"")).Events);
        Assert.Single(Reading.Read("""{"user_id":42,"action":"a","timestamp":"2026-01-01T00:05:00Z","event_id":"é😀\u00e9"}""").Events);
    }

    [Fact]
    public void Nested_objects_flatten_to_paths_and_arrays_stay_whole()
    {
        ParsedBatch batch = Reading.Read(With("\"metadata\":{\"a\":{\"b\":1},\"list\":[1,{\"c\":[2]}],\"none\":null,\"deep\":{\"x\":{\"y\":{\"z\":{\"w\":1}}}}}"));
        Assert.Single(batch.Events);
        Assert.Equal([CellKind.Text, CellKind.Number, CellKind.Whole, CellKind.Whole], batch.Cells.Select(c => c.Kind));
    }

    [Fact]
    public void No_fault_repeats_a_value()
    {
        const string secret = "correct-horse";
        foreach ((string json, _, _) in Faults.Select(row => row.Data))
        {
            EventError fault = Reading.Fault(json.Replace("ann", secret, StringComparison.Ordinal));
            Assert.DoesNotContain(secret, fault.Path + fault.Reason, StringComparison.Ordinal);
        }
    }

    private static string With(string more) => "{" + Good + "," + more + "}";

    private static string Nested(int levels) =>
        string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);
}
