using System.Text.Json;
using System.Text.Json.Serialization;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Formats;

public class TokenFormatTests
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    [Fact]
    public void A_format_can_be_declared_in_json()
    {
        TokenFormat format = JsonSerializer.Deserialize<TokenFormat>(
            """
            {"values": "template", "method": "format_preserving", "alphabet": "0123456789", "separators": "-", "keep_prefix": 2, "keep_suffix": 1,
             "min_length": 9, "max_length": 9}
            """,
            s_json)!;
        using ITokenizer tokenizer = format.Tokenizer();
        Assert.Matches("^12-[0-9]{4}-[0-9]{2}9$", tokenizer.Tokenize("12-3456-789")!);
    }

    [Fact]
    public void Settings_that_json_leaves_out_or_sets_to_null_are_not_set()
    {
        TokenFormat format = JsonSerializer.Deserialize<TokenFormat>(
            """{"values": "email", "method": "format_preserving", "separators": null, "alphabet": null, "country": null}""", s_json)!;
        Assert.Equal(new TokenFormat(ValueKind.Email, TokenMethod.FormatPreserving), format);
        Assert.True(FormatRules.Check(format).IsLegal);
    }

    [Fact]
    public void A_legal_format_refuses_keys_of_nobody() =>
        Assert.Throws<ArgumentNullException>("keys", () => TokenFormat.DefaultFor(ValueKind.Email).CreateTokenizer(null!));
}
