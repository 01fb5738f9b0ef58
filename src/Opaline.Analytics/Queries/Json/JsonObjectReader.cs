using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Opaline.Analytics;

/// <summary>A JSON object with a closed set of properties, whose errors carry the path.</summary>
internal readonly struct JsonObjectReader
{
    private readonly JsonElement _element;
    private readonly string _path;

    public JsonObjectReader(JsonElement element, string path, ReadOnlySpan<string> known)
    {
        _element = element;
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
            throw Refuse("This must be an object.", path);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            // The name may be anything, so it is not echoed; its place says enough.
            if (!known.Contains(property.Name))
                throw Refuse($"Unknown property; known here: {string.Join(", ", known!)}.", path);
        }
    }

    public string PathOf(string name) => $"{_path}.{name}";

    /// <summary>Whether the property is there with a value other than null.</summary>
    public bool Has(string name) => _element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public JsonElement Required(string name) => Has(name)
        ? _element.GetProperty(name)
        : throw Refuse($"\"{name}\" is missing.", PathOf(name));

    public string RequiredText(string name) => TextOf(Required(name), PathOf(name));

    public string? Text(string name) => Has(name) ? RequiredText(name) : null;

    public static string TextOf(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.String)
            throw Refuse("This must be a string.", path);
        string text;
        try
        {
            text = element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Refuse("This string is not valid Unicode.", path);
        }

        // No engine stores a NUL in text, and none should be asked to.
        return text.Contains('\0', StringComparison.Ordinal) ? throw Refuse("A string must not contain the character U+0000.", path) : text;
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">The property.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="code">The code of a refusal.</param>
    /// <param name="detail">What a refusal says; null for the usual.</param>
    public int RequiredInteger(string name, int least = int.MinValue, string code = RefusalCodes.InvalidQuery, string? detail = null)
    {
        JsonElement element = Required(name);
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) && value >= least
            ? value
            : throw new QueryRefusedException(code, detail ?? $"\"{name}\" is a whole number.", PathOf(name));
    }

    public double? Number(string name, string code)
    {
        if (!Has(name))
            return null;
        JsonElement element = Required(name);
        return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value)
            ? value
            : throw new QueryRefusedException(code, $"\"{name}\" must be a number.", PathOf(name));
    }

    /// <summary>A word of an enumeration, but for the one that only answers have.</summary>
    public T RequiredWord<T>(string name, Func<T, string> of, T? never = null)
        where T : struct, Enum =>
        QueryWords.Find(RequiredText(name), of) is { } value && !value.Equals(never)
            ? value
            : throw Refuse($"\"{name}\" is one of {string.Join(", ", Enum.GetValues<T>().Where(v => !v.Equals(never)).Select(of))}.", PathOf(name));

    public T? Word<T>(string name, Func<T, string> of)
        where T : struct, Enum => Has(name) ? RequiredWord(name, of) : null;

    public T? Object<T>(string name, Func<JsonElement, string, T> read)
        where T : class => Has(name) ? read(Required(name), PathOf(name)) : null;

    public ImmutableArray<T> Array<T>(string name, int least, int most, Func<JsonElement, string, T> read) =>
        Has(name) ? RequiredArray(name, least, most, read) : [];

    public ImmutableArray<T> RequiredArray<T>(string name, int least, int most, Func<JsonElement, string, T> read)
    {
        JsonElement array = Required(name);
        string path = PathOf(name);
        if (array.ValueKind != JsonValueKind.Array)
            throw Refuse("This must be an array.", path);
        int length = array.GetArrayLength();
        if (length < least || length > most)
            throw Refuse(least == most ? $"This array has {least} items." : $"This array has {least} to {most} items.", path);
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>(length);
        foreach (JsonElement item in array.EnumerateArray())
            items.Add(read(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]")));
        return items.MoveToImmutable();
    }

    public static QueryRefusedException Refuse(string detail, string path) => new(RefusalCodes.InvalidQuery, detail, path);
}
