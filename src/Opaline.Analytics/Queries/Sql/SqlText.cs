using System.Collections.Frozen;
using System.Text;

namespace Opaline.Analytics;

/// <summary>The text of a question, cut into tokens as PostgreSQL and DuckDB do: for the fragments of refusals, and for the log, which gets no literal.</summary>
internal sealed class SqlText
{
    private const int MaxFragment = 200;
    private const int MaxLogged = 2_000;
    private const int MaxName = 64;

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            "all", "alter", "and", "any", "as", "asc", "attach", "avg", "between", "by", "call", "case", "cast", "copy", "count", "create", "cross", "delete", "desc",
            "describe", "distinct", "drop", "else", "end", "except", "exists", "explain", "from", "full", "group", "having", "in", "inner", "insert", "install", "intersect",
            "into", "is", "join", "lateral", "left", "like", "limit", "load", "max", "min", "natural", "not", "null", "offset", "on", "or", "order", "outer", "over",
            "partition", "pivot", "pragma", "recursive", "right", "select", "set", "show", "sum", "table", "then", "to", "union", "update", "using", "values", "view",
            "when", "where", "with",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly byte[] _utf8;
    private readonly List<Token> _tokens = [];

    public SqlText(string text)
    {
        _utf8 = Encoding.UTF8.GetBytes(text);
        int at = 0;
        while (at < _utf8.Length)
            at = Next(at);
    }

    private enum Kind
    {
        Word,
        QuotedWord,
        Literal,
        Symbol,
    }

    /// <summary>The text with every literal, every comment and every unusual name replaced: a literal can be somebody's name.</summary>
    public string WithoutLiterals() => Written(token => token.Kind switch
    {
        Kind.Literal => "?",
        Kind.Symbol => Of(token),
        _ => IsPlain(token) ? Of(token) : "\"?\"",
    });

    /// <summary>The text with nothing but keywords and signs, for one that is no question: where its literals begin and end cannot be told.</summary>
    public string Keywords() => Written(token => token.Kind switch
    {
        Kind.Symbol => Of(token),
        Kind.Word when Known.Contains(Of(token)) => Of(token),
        _ => "?",
    });

    private string Written(Func<Token, string> write)
    {
        StringBuilder text = new();
        int end = 0;
        foreach (Token token in _tokens)
        {
            if (token.Start > end && text.Length > 0)
                text.Append(' ');
            end = token.End;
            text.Append(write(token));
            if (text.Length > MaxLogged)
                return text.ToString(0, MaxLogged) + "…";
        }

        return text.ToString();
    }

    /// <summary>Whether it has a WINDOW clause. The tree keeps nothing of one that is not used.</summary>
    public bool NamesWindow => Enumerable.Range(0, Math.Max(0, _tokens.Count - 3)).Any(i => Is(i, "WINDOW") && Is(i + 2, "AS") && Of(_tokens[i + 3]) == "(");

    /// <summary>The piece of text between two places of the tree, closed where it has open brackets.</summary>
    public string Fragment(int first, int last)
    {
        int from = _tokens.FindIndex(t => t.End > first);
        int to = _tokens.FindIndex(t => t.End > last);
        if (from < 0 || to < 0)
            return "";
        if (_tokens[from].Kind == Kind.Literal && from > 0 && IsTypeWord(_tokens[from - 1]))
            from--;
        // A place is that of the first of a name's parts.
        while (to + 2 < _tokens.Count && Of(_tokens[to + 1]) == "." && _tokens[to + 2].Kind is Kind.Word or Kind.QuotedWord)
            to += 2;
        int open = 0;
        for (int i = from; i <= to; i++)
            open += Opens(_tokens[i]);
        while (to + 1 < _tokens.Count && (open > 0 || (_tokens[to].Kind == Kind.Word && Of(_tokens[to + 1]) == "(")))
            open += Opens(_tokens[++to]);
        string text = Encoding.UTF8.GetString(_utf8, _tokens[from].Start, _tokens[to].End - _tokens[from].Start);
        return text.Length <= MaxFragment ? text : text[..MaxFragment] + "…";
    }

    private bool Is(int token, string word) => _tokens[token].Kind == Kind.Word && string.Equals(Of(_tokens[token]), word, StringComparison.OrdinalIgnoreCase);

    private bool IsTypeWord(Token token) => token.Kind == Kind.Word && Of(token).ToUpperInvariant() is "DATE" or "TIMESTAMP" or "TIMESTAMPTZ" or "INTERVAL";

    private int Opens(Token token) => token.Kind is Kind.Word or Kind.Symbol
        ? Of(token).ToUpperInvariant() switch
        {
            "(" or "[" or "CASE" => 1,
            ")" or "]" or "END" => -1,
            _ => 0,
        }
        : 0;

    private string Of(Token token) => Encoding.UTF8.GetString(_utf8, token.Start, token.End - token.Start);

    private bool IsPlain(Token token)
    {
        ReadOnlySpan<byte> name = _utf8.AsSpan()[token.Start..token.End].Trim((byte)'"');
        foreach (byte b in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'.'))
                return false;
        }

        return name.Length <= MaxName;
    }

    private byte At(int index) => index < _utf8.Length ? _utf8[index] : (byte)0;

    private int Next(int at)
    {
        byte b = _utf8[at];
        if (b <= (byte)' ')
            return at + 1;
        if (b == '-' && At(at + 1) == '-')
            return LineEnd(at);
        if (b == '/' && At(at + 1) == '*')
            return CommentEnd(at);
        if (b == '\'')
            return Add(at, QuoteEnd(at, escapes: false), Kind.Literal);
        if (b is (byte)'e' or (byte)'E' && At(at + 1) == '\'')
            return Add(at, QuoteEnd(at + 1, escapes: true), Kind.Literal);
        if (b is (byte)'x' or (byte)'X' or (byte)'b' or (byte)'B' or (byte)'n' or (byte)'N' && At(at + 1) == '\'')
            return Add(at, QuoteEnd(at + 1, escapes: false), Kind.Literal);
        if (b == '"')
            return Add(at, QuoteEnd(at, escapes: false), Kind.QuotedWord);
        if (b == '$' && DollarEnd(at) is { } dollar)
            return Add(at, dollar, Kind.Literal);
        if (char.IsAsciiDigit((char)b) || (b == '.' && char.IsAsciiDigit((char)At(at + 1))))
            return Add(at, NumberEnd(at), Kind.Literal);
        return IsWord(b) ? Add(at, WordEnd(at), Kind.Word) : Add(at, at + 1, Kind.Symbol);
    }

    private int Add(int start, int end, Kind kind)
    {
        _tokens.Add(new Token(start, end, kind));
        return end;
    }

    private int LineEnd(int at)
    {
        int end = _utf8.AsSpan(at).IndexOfAny((byte)'\n', (byte)'\r');
        return end < 0 ? _utf8.Length : at + end;
    }

    private int CommentEnd(int at)
    {
        int depth = 0;
        for (int i = at; i < _utf8.Length; i++)
        {
            if (_utf8[i] == '/' && At(i + 1) == '*')
            {
                depth++;
                i++;
            }
            else if (_utf8[i] == '*' && At(i + 1) == '/')
            {
                i++;
                if (--depth == 0)
                    return i + 1;
            }
        }

        return _utf8.Length;
    }

    private int QuoteEnd(int at, bool escapes)
    {
        byte quote = _utf8[at];
        for (int i = at + 1; i < _utf8.Length; i++)
        {
            if (escapes && _utf8[i] == '\\')
                i++;
            else if (_utf8[i] == quote && At(i + 1) == quote)
                i++;
            else if (_utf8[i] == quote)
                return i + 1;
        }

        return _utf8.Length;
    }

    private int? DollarEnd(int at)
    {
        int open = at + 1;
        while (open < _utf8.Length && IsWord(_utf8[open]))
            open++;
        if (At(open) != '$')
            return null;
        ReadOnlySpan<byte> mark = _utf8.AsSpan()[at..(open + 1)];
        int end = _utf8.AsSpan(open + 1).IndexOf(mark);
        return end < 0 ? _utf8.Length : open + 1 + end + mark.Length;
    }

    private int NumberEnd(int at)
    {
        int i = at;
        while (i < _utf8.Length
            && (IsWord(_utf8[i]) || _utf8[i] == '.' || (_utf8[i] is (byte)'+' or (byte)'-' && i > at && _utf8[i - 1] is (byte)'e' or (byte)'E')))
            i++;
        return i;
    }

    private int WordEnd(int at)
    {
        int i = at;
        while (i < _utf8.Length && (IsWord(_utf8[i]) || _utf8[i] == '$'))
            i++;
        return i;
    }

    private static bool IsWord(byte b) => b >= 0x80 || b == '_' || char.IsAsciiLetterOrDigit((char)b);

    private readonly record struct Token(int Start, int End, Kind Kind);
}
