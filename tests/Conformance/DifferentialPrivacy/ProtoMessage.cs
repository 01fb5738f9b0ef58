using System.Globalization;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// A message in protocol buffer text format, as far as the case files use it. What is read is marked, so that a field that nobody asks for
/// is an error and not a condition that is silently left out.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<(string Name, string Scalar)> _scalars = [];
    private readonly List<(string Name, ProtoMessage Message)> _messages = [];
    private readonly HashSet<string> _read = [];

    public void Add(string name, string scalar) => _scalars.Add((name, scalar));

    public void Add(string name, ProtoMessage message) => _messages.Add((name, message));

    public bool Has(string name) => _scalars.Any(field => field.Name == name);

    public string Text(string name) => Assert.Single(Scalars(name));

    public double Number(string name) => Double(Text(name));

    /// <summary>An optional number, 0 where it is left out: the default of proto2.</summary>
    public double NumberOrZero(string name) => Has(name) ? Number(name) : Zero(name);

    public int Integer(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

    public double[] Numbers(string name) => [.. Scalars(name).Select(Double)];

    public ProtoMessage One(string name) => Assert.Single(All(name));

    public IReadOnlyList<ProtoMessage> All(string name)
    {
        _read.Add(name);
        return [.. _messages.Where(field => field.Name == name).Select(field => field.Message)];
    }

    /// <summary>Fails where a field of this message, or of one inside it, was not read.</summary>
    public void RefuseUnread()
    {
        foreach (string name in _scalars.Select(field => field.Name).Concat(_messages.Select(field => field.Name)))
        {
            if (!_read.Contains(name))
                throw new FormatException($"The field '{name}' is not known here.");
        }
        foreach ((_, ProtoMessage message) in _messages)
            message.RefuseUnread();
    }

    private IEnumerable<string> Scalars(string name)
    {
        _read.Add(name);
        return _scalars.Where(field => field.Name == name).Select(field => field.Scalar);
    }

    private double Zero(string name)
    {
        _read.Add(name);
        return 0;
    }

    private static double Double(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
