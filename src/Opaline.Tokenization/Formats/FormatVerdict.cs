using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Opaline.Tokenization;

/// <summary>What the linter says of a declared format.</summary>
/// <param name="DomainSize">How many values one token could stand for, if its length and readable parts are known and the shortest allowed;
/// null for AES-SIV, whose tokens have no such limit.</param>
/// <param name="Faults">Everything that is wrong; empty if the format is legal.</param>
public sealed record FormatVerdict(BigInteger? DomainSize, ImmutableArray<FormatFault> Faults)
{
    /// <summary>Whether the format may be used.</summary>
    public bool IsLegal => Faults.IsEmpty;

    /// <summary>The domain size for people: <c>100,000</c>, beyond a quintillion <c>at least 10^36</c>, or <c>unlimited</c>.</summary>
    public string DomainText => Text(DomainSize);

    internal static string Text(BigInteger? size) => size switch
    {
        null => "unlimited",
        { } few when few < BigInteger.Pow(10, 18) => few.ToString("N0", CultureInfo.InvariantCulture),
        { } many => string.Create(CultureInfo.InvariantCulture, $"at least 10^{many.ToString(CultureInfo.InvariantCulture).Length - 1}"),
    };
}
