using System.Text.RegularExpressions;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// A small reader of protocol buffer text format: fields, lists in brackets, nested messages, strings without escapes, comments.
/// </summary>
internal sealed partial class ProtoText
{
    private readonly List<string> _tokens;
    private int _position;

    private ProtoText(string text) => _tokens = Tokens(text);

    public static ProtoMessage Parse(string text)
    {
        ProtoText reader = new(text);
        ProtoMessage message = reader.Fields();
        return reader._position == reader._tokens.Count ? message : throw new FormatException("There is a closing brace too many.");
    }

    [GeneratedRegex(
        """\G(?:\s+|#[^\n]*|(?<token>[A-Za-z_][A-Za-z0-9_]*|[-+]?[0-9.][-+0-9.eE]*|"[^"\\\n]*"|[{}\[\]:,;]))""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Lexeme();

    private static List<string> Tokens(string text)
    {
        List<string> tokens = [];
        for (int at = 0; at < text.Length;)
        {
            Match match = Lexeme().Match(text, at);
            if (!match.Success || match.Length == 0)
                throw new FormatException($"Character {at} begins nothing that is known here.");
            if (match.Groups["token"].Success)
                tokens.Add(match.Value);
            at += match.Length;
        }
        return tokens;
    }

    private ProtoMessage Fields()
    {
        ProtoMessage message = new();
        while (_position < _tokens.Count && Peek() != "}")
        {
            string name = Take();
            if (!char.IsAsciiLetter(name[0]) && name[0] != '_')
                throw new FormatException($"'{name}' is not the name of a field.");
            bool colon = Skip(":");
            if (Skip("{"))
            {
                message.Add(name, Fields());
                Expect("}");
            }
            else if (!colon)
            {
                throw new FormatException($"The field '{name}' has no value.");
            }
            else if (Skip("["))
            {
                while (!Skip("]"))
                {
                    message.Add(name, Scalar());
                    if (!Skip(",") && Peek() != "]")
                        throw new FormatException($"The list '{name}' lacks a comma.");
                }
            }
            else
            {
                message.Add(name, Scalar());
            }
            _ = Skip(",") || Skip(";");
        }
        return message;
    }

    private string Scalar()
    {
        string token = Take();
        if (token is "{" or "}" or "[" or "]" or ":" or "," or ";")
            throw new FormatException($"'{token}' is not a value.");
        return token.Trim('"');
    }

    private string Peek() => _position < _tokens.Count ? _tokens[_position] : throw new FormatException("The text ends too early.");

    private string Take()
    {
        string token = Peek();
        _position++;
        return token;
    }

    private bool Skip(string token)
    {
        if (_position == _tokens.Count || _tokens[_position] != token)
            return false;
        _position++;
        return true;
    }

    private void Expect(string token)
    {
        if (!Skip(token))
            throw new FormatException($"A '{token}' is missing.");
    }
}
