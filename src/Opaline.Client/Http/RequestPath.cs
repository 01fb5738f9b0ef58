using System.Globalization;
using System.Text;

namespace Opaline.Client.Http;

/// <summary>A path under <c>api/v1</c> with escaped segments and parameters; parameters without a value stay away.</summary>
internal sealed class RequestPath
{
    private readonly StringBuilder _text = new("api/v1");
    private char _separator = '?';

    public RequestPath(params ReadOnlySpan<string> segments)
    {
        foreach (string segment in segments)
            _text.Append('/').Append(Uri.EscapeDataString(segment));
    }

    public RequestPath With(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }

        return this;
    }

    public RequestPath With(string name, double? value) => With(name, value?.ToString("R", CultureInfo.InvariantCulture));

    public RequestPath With(string name, int? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    public RequestPath With(string name, DateTime? value) => With(name, value?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));

    public RequestPath With(string name, bool value) => With(name, value ? "true" : null);

    public override string ToString() => _text.ToString();
}
