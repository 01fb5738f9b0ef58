namespace Opaline.DifferentialPrivacy;

/// <summary>Values of one law that wait for their use. Its owner serialises the calls.</summary>
internal sealed class NoiseShelf(IDiscreteNoise law, int capacity)
{
    // Pinned: the garbage collector leaves no copies.
    private readonly long[] _values = GC.AllocateArray<long>(capacity, pinned: true);
    private int _count;

    public IDiscreteNoise Law { get; } = law;

    /// <summary>When it was last asked for, in calls of its owner.</summary>
    public long LastUse { get; set; }

    /// <summary>All of its memory, for whoever checks that it is clear.</summary>
    public ReadOnlySpan<long> Memory => _values;

    /// <summary>How many values it has room for.</summary>
    public int Room => _values.Length - _count;

    public void Add(ReadOnlySpan<long> values)
    {
        values.CopyTo(_values.AsSpan(_count));
        _count += values.Length;
    }

    /// <summary>Moves values into the destination, as many as there are; returns their number.</summary>
    public int Take(Span<long> destination)
    {
        int taken = Math.Min(_count, destination.Length);
        Span<long> values = _values.AsSpan(_count - taken, taken);
        values.CopyTo(destination);
        values.Clear();
        _count -= taken;
        return taken;
    }

    public void Clear()
    {
        _values.AsSpan(0, _count).Clear();
        _count = 0;
    }
}
