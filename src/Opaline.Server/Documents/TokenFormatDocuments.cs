using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Tokenization;

namespace Opaline.Server.Documents;

/// <summary>Between declared formats of tokens and their documents.</summary>
internal static class TokenFormatDocuments
{
    public static TokenFormatDocument Write(TokenFormat format) => new()
    {
        Values = Words.Of(format.Values),
        Method = Words.Of(format.Method),
        Alphabet = format.Alphabet,
        Separators = format.Separators,
        KeepPrefix = format.KeepPrefix,
        KeepSuffix = format.KeepSuffix,
        MinLength = format.MinLength,
        MaxLength = format.MaxLength,
        Luhn = format.Luhn,
        Country = format.Country,
        Least = format.Least,
        Greatest = format.Greatest,
        Domain = Words.Of(format.Domain),
        Domains = [.. format.Domains],
    };

    /// <summary>Reads the words; rules beyond them are for the caller to check. Null if the values are unknown.</summary>
    public static TokenFormat? Read(TokenFormatDocument? document, string path, List<CatalogError> errors)
    {
        if (document is null || Words.Read<ValueKind>(document.Values, path + ".values", errors) is not { } values)
            return null;
        TokenFormat start = Start(values, Words.Read<TokenMethod>(document.Method, path + ".method", errors));
        return start with
        {
            Alphabet = document.Alphabet,
            Separators = document.Separators ?? "",
            KeepPrefix = document.KeepPrefix ?? start.KeepPrefix,
            KeepSuffix = document.KeepSuffix ?? start.KeepSuffix,
            MinLength = document.MinLength ?? start.MinLength,
            MaxLength = document.MaxLength ?? start.MaxLength,
            Luhn = document.Luhn ?? start.Luhn,
            Country = document.Country,
            Least = document.Least ?? start.Least,
            Greatest = document.Greatest ?? start.Greatest,
            Domain = Words.Read(document.Domain, start.Domain, path + ".domain", errors),
            Domains = [.. document.Domains ?? []],
        };
    }

    // A template and a national id have no default but their method; the defaults of other values belong to their default method.
    private static TokenFormat Start(ValueKind values, TokenMethod? method)
    {
        if (values is ValueKind.Template or ValueKind.NationalId)
            return new TokenFormat(values, method ?? TokenMethod.FormatPreserving);
        TokenFormat start = TokenFormat.DefaultFor(values);
        return method is null || method == start.Method ? start : new TokenFormat(values, method.Value);
    }
}
