using System.Text;
using CsCheck;
using Opaline.Ingestion;

namespace Opaline.Platform.Tests.Ingestion;

/// <summary>Whatever a client sends, it is answered or refused, and what is valid in it is never lost.</summary>
public sealed class ArbitraryInputTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char['a', 'f'], 0, 6],
        Gen.OneOf("ann@example.com", "+43 1 58858 0", "10.1.2.3", "4111111111111111", "\0", "\uD800", "a.b", "user_id", "action", "timestamp", "2025-06-01T12:00:00Z"));

    private static readonly Gen<string> Quoted = Text.Select(s => System.Text.Json.JsonSerializer.Serialize(s));

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Quoted,
        Gen.Long.Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Double[-1e9, 1e9].Select(n => n.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
        Gen.OneOf("null", "true", "false", "1e999", "0.1", "-0", "\"\\ud800\"", "\"\\u0000\""));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 6
        ? Scalar
        : Gen.Frequency(
            (4, Scalar),
            (2, inner.List[0, 4].Select(l => "[" + string.Join(',', l) + "]")),
            (3, Gen.Select(Quoted, inner).List[0, 5].Select(l => "{" + string.Join(',', l.Select(p => p.Item1 + ":" + p.Item2)) + "}"))));

    private static readonly Gen<(string Json, bool Valid)> Item = Gen.Frequency(
        (3, Gen.Select(Gen.Int[0, 20], Gen.Dictionary(Gen.String[Gen.Char['a', 'f'], 1, 3], Scalar.Where(s => !s.Contains("\\ud800", StringComparison.OrdinalIgnoreCase)))[0, 4])
            .Select(p => (IngestFixture.Event("user" + p.Item1, metadata: "{" + string.Join(',', p.Item2.Select(m => $"\"{m.Key}\":{m.Value}")) + "}"), true))),
        (2, Json.Select(j => (j, false))));

    [Fact]
    public async Task Arbitrary_json_is_answered_or_refused_and_no_valid_event_is_lost()
    {
        await using IngestFixture ingest = new();
        long stored = 0;
        await Item.List[1, 12].SampleAsync(
            async items =>
            {
                int valid = items.Count(i => i.Valid);
                string body = "[" + string.Join(',', items.Select(i => i.Json)) + "]";
                try
                {
                    IngestReceipt receipt = await ingest.SendAsync(body);
                    Interlocked.Add(ref stored, receipt.Accepted);
                    return receipt.Accepted == valid && receipt.Rejected == items.Count - valid;
                }
                catch (IngestRefusedException refused)
                {
                    return valid == 0 && refused.Code == IngestRefusals.InvalidEvents;
                }
            },
            iter: LongRuns.Enabled ? 5_000 : 300,
            threads: 2);
        Assert.Equal(stored, await ingest.CountAsync());
    }

    [Fact]
    public async Task Lines_that_were_cut_or_changed_anywhere_do_not_touch_their_neighbours()
    {
        await using IngestFixture ingest = new();
        string good = IngestFixture.Event("zoe");
        byte[] line = Encoding.UTF8.GetBytes(IngestFixture.Event("ann", metadata: """{"note":"é x","n":1.5,"l":[1,{"a":"b"}]}"""));
        await Gen.Select(Gen.Int[0, line.Length - 1], Gen.Byte, Gen.Bool).SampleAsync(
            async change =>
            {
                byte[] damaged = change.Item3 ? line[..change.Item1] : [.. line];
                if (!change.Item3)
                    damaged[change.Item1] = change.Item2;
                IngestReceipt receipt = await ingest.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(good + "\n"), .. damaged, .. Encoding.UTF8.GetBytes("\n" + good)], BodyFormat.NdJson);
                return receipt.Accepted is 2 or 3 && receipt.Accepted + receipt.Rejected >= 2;
            },
            iter: LongRuns.Enabled ? 5_000 : 300,
            threads: 2);
    }

    [Fact]
    public async Task Arbitrary_bytes_are_refused_and_nothing_else_is_thrown()
    {
        await using IngestFixture ingest = new();
        await Gen.Select(Gen.Byte.Array[0, 200], Gen.Bool).SampleAsync(
            async input =>
            {
                try
                {
                    IngestReceipt receipt = await ingest.SendAsync(input.Item1, input.Item2 ? BodyFormat.Json : BodyFormat.NdJson);
                    return receipt.Accepted == 0;
                }
                catch (IngestRefusedException)
                {
                    return true;
                }
            },
            iter: LongRuns.Enabled ? 20_000 : 2_000,
            threads: 2);
    }
}
