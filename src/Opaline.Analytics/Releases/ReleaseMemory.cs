using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>
/// Released answers as they were read last, so that one that a dashboard asks for again and again is not parsed each time. What is released is no secret to
/// whoever may ask, and never changes; whether it may still answer is asked of the store. Thread-safe; bounded by rows.
/// </summary>
internal sealed class ReleaseMemory
{
    private const int MostRows = 200_000;

    private readonly Lock _lock = new();
    private readonly Queue<ReleasedAnswer> _oldest = new();
    private ImmutableDictionary<string, ReleasedAnswer> _answers = ImmutableDictionary.Create<string, ReleasedAnswer>(StringComparer.Ordinal);
    private int _rows;

    /// <summary>The release of that id, or null if it is not remembered.</summary>
    public ReleasedAnswer? Find(string id) => Volatile.Read(ref _answers).GetValueOrDefault(id);

    /// <summary>Remembers a release that the store has.</summary>
    public void Add(ReleasedAnswer answer)
    {
        lock (_lock)
        {
            if (_answers.ContainsKey(answer.ReleaseId) || answer.Rows.Length > MostRows)
                return;
            _answers = _answers.Add(answer.ReleaseId, answer);
            _oldest.Enqueue(answer);
            _rows += answer.Rows.Length;
            while (_rows > MostRows)
            {
                ReleasedAnswer oldest = _oldest.Dequeue();
                _answers = _answers.Remove(oldest.ReleaseId);
                _rows -= oldest.Rows.Length;
            }
        }
    }
}
