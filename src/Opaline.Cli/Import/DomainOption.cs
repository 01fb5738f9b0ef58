namespace Opaline.Cli.Import;

/// <summary>One <c>--public-domain COL</c> or <c>COL=a,b,c</c>.</summary>
/// <param name="Column">The column.</param>
/// <param name="Values">Its public values; null: those of the file, which the caller thereby declares public.</param>
internal sealed record DomainOption(string Column, IReadOnlyList<string>? Values)
{
    public static DomainOption Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? new DomainOption(text, null)
            : new DomainOption(text[..equals], text[(equals + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}
