namespace Opaline.Detection;

/// <summary>
/// What the rules have found in one text. A character belongs to one finding at most: rules run from the most to the least specific, and
/// the first one wins.
/// </summary>
internal sealed class Candidates(string text)
{
    private readonly List<Finding> _findings = [];
    private bool[]? _taken;

    public string Text { get; } = text;

    public bool IsFree(int start, int length) => _taken is null || !_taken.AsSpan(start, length).Contains(true);

    /// <summary>Keeps other rules away from what is known to be no personal data.</summary>
    public void Block(int start, int length)
    {
        _taken ??= new bool[Text.Length];
        _taken.AsSpan(start, length).Fill(true);
    }

    public void Add(PiiType type, int start, int length, double score, string rule)
    {
        if (!IsFree(start, length))
            return;
        Block(start, length);
        _findings.Add(new Finding(type, start, length, score, rule));
    }

    public IReadOnlyList<Finding> InOrder()
    {
        _findings.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return _findings;
    }
}
