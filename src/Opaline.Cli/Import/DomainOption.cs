namespace Opaline.Cli.Import;

/// <summary>A dimension whose values are public: <c>--public-domain COL=a,b,c</c> or <c>--public-domain-from-file COL</c>.</summary>
/// <param name="Column">The column.</param>
/// <param name="Values">Its public values; null: those of the file, which the caller thereby makes public.</param>
internal sealed record DomainOption(string Column, IReadOnlyList<string>? Values)
{
    /// <summary>The option that says so.</summary>
    public string Option => Values is null ? "--public-domain-from-file" : "--public-domain";

    /// <summary>Reads <c>COL=a,b,c</c>; null if it lists nothing.</summary>
    public static DomainOption? Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string[] values = equals < 1 ? [] : text[(equals + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return values.Length == 0 ? null : new DomainOption(text[..equals], values);
    }
}
