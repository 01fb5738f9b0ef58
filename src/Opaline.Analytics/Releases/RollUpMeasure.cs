using System.Globalization;
using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>A count or a sum of a release.</summary>
/// <param name="Canonical">What is added up.</param>
/// <param name="Column">The place of its number in a row.</param>
/// <param name="Mechanism">Its noise.</param>
/// <param name="Numerator">Of the noise's parameter.</param>
/// <param name="Denominator">Of the noise's parameter.</param>
internal sealed record RollUpMeasure(string Canonical, int Column, NoiseMechanism Mechanism, string Numerator, string Denominator)
{
    /// <summary>Its noise.</summary>
    public NoiseScale Noise() => NoiseScale.For(
        Mechanism, new Rational(BigInteger.Parse(Numerator, CultureInfo.InvariantCulture), BigInteger.Parse(Denominator, CultureInfo.InvariantCulture)))!;
}
