using System.Security.Cryptography;

namespace Opaline.Client.Samples;

/// <summary>Random numbers in bulk: one call of the generator for thousands of draws. Not thread-safe.</summary>
internal sealed class RandomDraws
{
    private readonly byte[] _bytes = new byte[1 << 16];
    private int _next = 1 << 16;

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform()
    {
        if (_next == _bytes.Length)
        {
            RandomNumberGenerator.Fill(_bytes);
            _next = 0;
        }

        ulong bits = BitConverter.ToUInt64(_bytes, _next);
        _next += sizeof(ulong);
        return (bits >> 11) * (1.0 / (1L << 53));
    }

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound) => (int)(Uniform() * bound);

    /// <summary>An index, each as likely as its weight.</summary>
    public int Weighted(ReadOnlySpan<double> weights)
    {
        double total = 0;
        foreach (double weight in weights)
            total += weight;
        double left = Uniform() * total;
        for (int i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
                return i;
        }

        return weights.Length - 1;
    }

    /// <summary>A log-normal value of that median and spread.</summary>
    public double LogNormal(double median, double sigma)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        return median * Math.Exp(sigma * radius * Math.Cos(2 * Math.PI * Uniform()));
    }
}
