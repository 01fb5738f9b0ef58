namespace Opaline.Server.Configuration;

/// <summary>What is wrong with the configuration. Every fault names its key; none repeats a value, which may be a secret.</summary>
internal sealed class Faults
{
    private readonly string _prefix;
    private readonly List<string> _messages;

    public Faults(string prefix)
        : this(prefix, [])
    {
    }

    private Faults(string prefix, List<string> messages)
    {
        _prefix = prefix;
        _messages = messages;
    }

    public IReadOnlyList<string> Messages => _messages;

    /// <summary>The same list, one section deeper.</summary>
    public Faults In(string section) => new($"{_prefix}:{section}", _messages);

    public void Add(string key, string message) => _messages.Add($"{_prefix}:{key}: {message}");

    public void Require(bool holds, string key, string message)
    {
        if (!holds)
            Add(key, message);
    }

    public void Within(long value, long from, long to, string key) =>
        Require(value >= from && value <= to, key, $"must be a whole number from {from} to {to}.");
}
