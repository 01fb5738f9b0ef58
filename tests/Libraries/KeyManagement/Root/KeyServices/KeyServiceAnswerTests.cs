using System.Text;
using CsCheck;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

public class KeyServiceAnswerTests
{
    [Fact]
    public void Values_are_found_at_their_path_whatever_stands_before_them()
    {
        using KeyServiceAnswer answer = Answer("""
            {"other":{"a":[1,{"b":2}]},"data":{"skip":[[]],"text":"x\u002by","number":-7,"text_number":"12","yes":true,"key":"\u0041Q==","url":"_-8","at":"2026-12-26T20:00:00Z"}}
            """);
        Assert.Equal("x+y", answer.Text("data", "text"));
        Assert.Equal(-7, answer.Number("data", "number"));
        Assert.Equal(12, answer.Number("data", "text_number"));
        Assert.True(answer.IsTrue("data", "yes"));
        Assert.False(answer.IsTrue("data", "no"));
        Assert.Equal([1], answer.Bytes(false, "data", "key"));
        Assert.Equal([0xff, 0xef], answer.Bytes(true, "data", "url"));
        Assert.Equal(new DateTimeOffset(2026, 12, 26, 20, 0, 0, TimeSpan.Zero), answer.TimeOrNull("data", "at"));
        Assert.Null(answer.TextOrNull("data", "absent"));
        Assert.Null(answer.TimeOrNull("absent", "at"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":{"key":7}}""")]
    [InlineData("""{"data":{"key":"not base64!"}}""")]
    [InlineData("""{"data":{"key":"QQ"}}""")]
    [InlineData("""{"data":{"key":""}}""")]
    [InlineData("""{"data":{"key":"\ud800"}}""")]
    public void A_secret_that_is_none_is_refused(string json)
    {
        using KeyServiceAnswer answer = Answer(json);
        Assert.Equal(KeyFailure.Malformed, Assert.Throws<KeyUnavailableException>(() => answer.Secret(false, "data", "key")).Failure);
    }

    [Fact]
    public void Whatever_is_answered_only_typed_errors_come_out() =>
        Json.Sample(
            json =>
            {
                using KeyServiceAnswer answer = Answer(json);
                Typed(() => answer.Text("data", "text"));
                Typed(() => answer.Number("data", "text"));
                Typed(() => answer.TimeOrNull("data", "text"));
                Typed(() => answer.IsTrue("data", "text"));
                Typed(() => answer.Secret(false, "data", "text").Dispose());
                Typed(() => answer.Secret(true, "data", "text").Dispose());
            },
            iter: LongRuns.Times(30_000, 50));

    /// <summary>JSON that is nearly of the form asked for, and bytes that are none.</summary>
    internal static Gen<byte[]> Json { get; } = Gen.Select(
        Gen.OneOf("{\"data\":{\"text\":", "{\"data\":{\"x\":[{}],\"text\":", "{\"text\":", "[", "", "{\"data\":{\"\\u0074ext\":"),
        Gen.OneOf(
            Gen.OneOf("\"QUJD\"", "7", "true", "null", "\"\\ud800\"", "{\"text\":1}", "\"-9223372036854775809\"", "1e400", "\"9999-99-99\"", "\"\\u0000\""),
            Gen.Byte.Array[0, 30].Select(b => "\"" + Convert.ToBase64String(b) + "\""),
            Gen.String[0, 20]),
        Gen.OneOf("}}", "}", "", "}}}", ",\"text\":2}}"),
        Gen.Byte.Array[0, 3],
        Gen.Int[0, 200]).Select((before, value, after, junk, at) =>
        {
            byte[] json = Encoding.UTF8.GetBytes(before + value + after);
            int place = Math.Min(at, json.Length);
            return (byte[])[.. json[..place], .. at % 3 == 0 ? junk : [], .. json[place..]];
        });

    internal static KeyServiceAnswer Answer(byte[] json)
    {
        SecretBuffer body = new(Math.Max(1, json.Length));
        json.CopyTo(body.GetMemoryToWrite());
        body.Advance(json.Length);
        return new KeyServiceAnswer(200, null, body);
    }

    internal static void Typed(Action act)
    {
        try
        {
            act();
        }
        catch (KeyUnavailableException)
        {
            // The one that is allowed.
        }
    }

    private static KeyServiceAnswer Answer(string json) => Answer(Encoding.UTF8.GetBytes(json));
}
