using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Uniform doubles in (0, 1) and what is made of them: the reference laws and the failures of the twins, never the noise that is tested.
/// </summary>
internal sealed class Coins
{
    private readonly ulong[] _words = new ulong[8192];
    private int _position = 8192;

    public double Uniform()
    {
        if (_position == _words.Length)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_words.AsSpan()));
            _position = 0;
        }
        return ((_words[_position++] >> 11) + 0.5) * (1.0 / (1L << 53));
    }

    /// <summary>By inversion.</summary>
    public double Laplace(double variance)
    {
        double scale = Math.Sqrt(variance / 2);
        double uniform = Uniform();
        return uniform < 0.5 ? scale * Math.Log(2 * uniform) : -scale * Math.Log(2 - (2 * uniform));
    }

    /// <summary>By Box and Muller's transformation.</summary>
    public double Gaussian(double variance) => Math.Sqrt(-2 * variance * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Replaces each sample with the given chance by a value that occurs in neither set.</summary>
    public void Fail(ReadOnlySpan<long> others, Span<long> samples, double chance)
    {
        long absent = long.MaxValue;
        foreach (long sample in others)
            absent = Math.Min(absent, sample);
        foreach (long sample in samples)
            absent = Math.Min(absent, sample);
        absent--;
        for (int i = 0; i < samples.Length; i++)
        {
            if (Uniform() < chance)
                samples[i] = absent;
        }
    }
}
