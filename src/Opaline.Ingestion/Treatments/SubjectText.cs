using System.Text;

namespace Opaline.Ingestion;

/// <summary>
/// The identifier of an event's own subject, as it must not stand in anything that the event leaves in the clear. Applications put it into
/// actions, keys and order numbers, where no detector knows it for one.
/// </summary>
internal readonly struct SubjectText
{
    /// <summary>Shorter identifiers stand in ordinary words by chance.</summary>
    private const int Shortest = 6;

    private const int OnStack = 128;

    private readonly string? _text;

    public SubjectText(string subject)
    {
        string text = subject.Trim();
        _text = text.Length < Shortest ? null : text;
    }

    /// <summary>Whether it stands anywhere in the text, in capitals or not.</summary>
    public bool StandsIn(string? text) =>
        _text is not null && text is not null && text.Length >= _text.Length && text.Contains(_text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it stands anywhere in the UTF-8 text, in capitals or not.</summary>
    public bool StandsIn(ReadOnlySpan<byte> utf8)
    {
        if (_text is null || utf8.Length < _text.Length)
            return false;
        if (utf8.Length > OnStack)
            return StandsIn(Encoding.UTF8.GetString(utf8));
        Span<char> text = stackalloc char[OnStack];
        int length = Encoding.UTF8.GetChars(utf8, text);
        return ((ReadOnlySpan<char>)text[..length]).Contains(_text, StringComparison.OrdinalIgnoreCase);
    }
}
