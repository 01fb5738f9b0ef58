namespace Opaline.Tokenization;

/// <summary>
/// The tweaks of many texts: one for all of them, or one for each, all of one size. The default is the empty tweak for all.
/// </summary>
public readonly ref struct Ff1Tweaks
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _size;

    private Ff1Tweaks(ReadOnlySpan<byte> bytes, int size)
    {
        _bytes = bytes;
        _size = size;
    }

    internal bool AreSame => _size == 0;

    internal ReadOnlySpan<byte> this[int index] => AreSame ? _bytes : _bytes.Slice(index * _size, _size);

    /// <summary>One tweak of any size for all texts; it may be empty.</summary>
    public static Ff1Tweaks Same(ReadOnlySpan<byte> tweak) => new(tweak, 0);

    /// <summary>One tweak for each text.</summary>
    /// <param name="tweaks">The tweaks, one after another.</param>
    /// <param name="size">Bytes of each; at least 1.</param>
    /// <exception cref="ArgumentException">The bytes are no whole number of tweaks, or <paramref name="size"/> is below 1.</exception>
    public static Ff1Tweaks Each(ReadOnlySpan<byte> tweaks, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return tweaks.Length % size == 0
            ? new(tweaks, size)
            : throw new ArgumentException("The bytes are no whole number of tweaks.", nameof(tweaks));
    }

    /// <summary>Whether there is a tweak for each of so many texts.</summary>
    internal bool AreFor(int count) => AreSame || _bytes.Length / _size == count;
}
