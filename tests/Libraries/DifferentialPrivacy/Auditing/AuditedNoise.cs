using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Auditing;

/// <summary>
/// Exact noise for mechanisms under audit, on a grid of 1/16: a stream of draws in sixteenths, so that a mechanism takes as many as it
/// needs.
/// </summary>
internal sealed class AuditedNoise
{
    public const int Grid = 16;

    private const int BufferSize = 2048;

    private readonly Action<long[]> _fill;
    private readonly long[] _buffer = new long[BufferSize];
    private int _position = BufferSize;

    private AuditedNoise(Action<long[]> fill) => _fill = fill;

    /// <summary>Laplace noise of scale n/d, in sixteenths.</summary>
    public static AuditedNoise Laplace(int n, int d = 1)
    {
        DiscreteLaplace noise = new(new Rational(Grid * n, d));
        return new AuditedNoise(buffer => noise.Fill(buffer));
    }

    /// <summary>One-sided exponential noise of the scale, in sixteenths.</summary>
    public static AuditedNoise Exponential(int scale)
    {
        Geometric noise = new(Grid * scale);
        return new AuditedNoise(buffer => noise.Fill(buffer));
    }

    public long Next()
    {
        if (_position == BufferSize)
        {
            _fill(_buffer);
            _position = 0;
        }
        return _buffer[_position++];
    }
}
