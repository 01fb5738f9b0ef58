namespace Opaline.Tokenization;

/// <summary>A declared format that the linter refuses; it never becomes a tokenizer.</summary>
public sealed class IllegalFormatException(FormatVerdict verdict)
    : Exception(string.Join(' ', verdict.Faults.Select(f => $"{f.Property}: {f.Reason} Use {f.Alternative}.")))
{
    /// <summary>Domain size and faults.</summary>
    public FormatVerdict Verdict { get; } = verdict;
}
