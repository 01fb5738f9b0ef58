using System.Buffers;
using Opaline.DifferentialPrivacy;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>Rented arrays of one length, given back together.</summary>
internal sealed class Buffers(int length) : IDisposable
{
    private readonly List<long[]> _rented = [];

    public Span<long> Empty()
    {
        long[] array = ArrayPool<long>.Shared.Rent(length);
        _rented.Add(array);
        return array.AsSpan(0, length);
    }

    public Span<long> Filled(IDiscreteNoise noise)
    {
        Span<long> span = Empty();
        noise.Fill(span);
        return span;
    }

    public void Dispose()
    {
        foreach (long[] array in _rented)
            ArrayPool<long>.Shared.Return(array);
    }
}
