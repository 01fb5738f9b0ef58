using System.Collections.Concurrent;
using Opaline.Detection;

namespace Opaline.Ingestion;

/// <summary>
/// Decides whether a text may be kept as it is. Kept texts repeat (countries, devices, actions), so those found clean are remembered:
/// they lie in the event store in the clear anyway. What was not clean is never remembered.
/// </summary>
internal sealed class KeptTexts(string fieldName, IEnumerable<string> publicValues, ValueDetector detector)
{
    private const int Capacity = 20_000;
    private const int LongestRemembered = 64;

    private readonly HashSet<string> _public = new(publicValues, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<byte[], string> _clean = new(Utf8Comparer.Instance);
    private int _room = Capacity;

    /// <summary>The text if it holds no personal data that the detectors know and no control character; else null.</summary>
    public string? Keep(ReadOnlySpan<byte> utf8)
    {
        ConcurrentDictionary<byte[], string>.AlternateLookup<ReadOnlySpan<byte>> lookup = _clean.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(utf8, out string? known))
            return known;
        if (JsonText.HasControl(utf8))
            return null;
        string text = System.Text.Encoding.UTF8.GetString(utf8);
        if (!_public.Contains(text) && IsPersonal(text))
            return null;
        if (utf8.Length <= LongestRemembered && Volatile.Read(ref _room) > 0 && lookup.TryAdd(utf8, text))
            Interlocked.Decrement(ref _room);
        return text;
    }

    private bool IsPersonal(string text)
    {
        if (detector.Classify(fieldName, text) is not null)
            return true;
        IReadOnlyList<Finding> found = detector.Find(text);

        // One finding that is the whole text, and yet no class: the field's name says that it is something else, such as a version.
        return found.Count > 1 || (found.Count == 1 && found[0].Length < text.Trim().Length);
    }
}
