using System.Numerics;

namespace Opaline.Tokenization;

/// <summary>Gathers what is wrong with a format; every reason tells the domain size.</summary>
internal sealed class FaultList(BigInteger? domainSize)
{
    private readonly List<FormatFault> _faults = [];

    public bool IsEmpty => _faults.Count == 0;

    public void AddIf(bool condition, string code, string property, string reason, string alternative)
    {
        if (condition)
            _faults.Add(new FormatFault(code, property, $"{reason} Domain size: {FormatVerdict.Text(domainSize)}.", alternative));
    }

    public FormatVerdict Verdict() => new(domainSize, [.. _faults]);
}
