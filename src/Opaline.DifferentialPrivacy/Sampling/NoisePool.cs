namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Noise that was drawn before it is asked for: the time in which an answer is given then does not depend on its noise. A thread in the
/// background keeps a shelf for each of the laws that were asked for last; what a shelf lacks is drawn at once. Each value is handed out
/// once and cleared in the pool. Safe for use by many threads.
/// </summary>
public sealed class NoisePool : IDisposable
{
    private const int Portion = 1024;

    private readonly int _laws;
    private readonly int _valuesEach;
    private readonly object _gate = new();
    private readonly Dictionary<IDiscreteNoise, NoiseShelf> _shelves = [];
    private readonly Thread _filler;
    private Exception? _failure;
    private bool _disposed;
    private long _calls;

    /// <summary>An empty pool, and its thread.</summary>
    /// <param name="laws">
    /// The most laws with a shelf, at least 1; the one that has not been asked for longest makes room for a new one.
    /// </param>
    /// <param name="valuesEach">The most values on a shelf, 8 bytes each, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is below 1.</exception>
    public NoisePool(int laws, int valuesEach)
    {
        Domain.AtLeastOne(laws);
        Domain.AtLeastOne(valuesEach);
        _laws = laws;
        _valuesEach = valuesEach;
        _filler = new Thread(FillShelves) { IsBackground = true, Name = nameof(NoisePool) };
        _filler.Start();
    }

    /// <summary>
    /// Fills <paramref name="destination"/> with independent values of a law. Take them before the private aggregate is read.
    /// </summary>
    /// <param name="law">The law; equal ones share a shelf.</param>
    /// <param name="destination">Any number of values, also more than a shelf holds.</param>
    /// <exception cref="InvalidOperationException">Drawing in the background has failed; the inner exception says why.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public void Take(IDiscreteNoise law, Span<long> destination)
    {
        ArgumentNullException.ThrowIfNull(law);
        int taken;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_failure is not null)
                throw new InvalidOperationException("The noise pool could not draw in the background.", _failure);
            taken = ShelfOf(law).Take(destination);
            Monitor.Pulse(_gate);
        }
        law.Fill(destination[taken..]);
    }

    /// <summary>Ends the thread and clears what was not used.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Clear();
            Monitor.Pulse(_gate);
        }
        _filler.Join();
    }

    private NoiseShelf ShelfOf(IDiscreteNoise law)
    {
        if (!_shelves.TryGetValue(law, out NoiseShelf? shelf))
        {
            if (_shelves.Count == _laws)
            {
                NoiseShelf oldest = _shelves.Values.MinBy(s => s.LastUse)!;
                oldest.Clear();
                _shelves.Remove(oldest.Law);
            }
            _shelves.Add(law, shelf = new NoiseShelf(law, _valuesEach));
        }
        shelf.LastUse = ++_calls;
        return shelf;
    }

    private void Clear()
    {
        foreach (NoiseShelf shelf in _shelves.Values)
            shelf.Clear();
        _shelves.Clear();
    }

    private void FillShelves()
    {
        long[] drawn = GC.AllocateArray<long>(Portion, pinned: true);
        try
        {
            while (NextWithRoom() is (IDiscreteNoise law, int count))
            {
                Span<long> portion = drawn.AsSpan(0, count);
                law.Fill(portion); // outside of the lock: who takes never waits for a draw of this thread
                lock (_gate)
                {
                    if (_shelves.TryGetValue(law, out NoiseShelf? shelf) && shelf.Room >= count)
                        shelf.Add(portion);
                }
                portion.Clear();
            }
        }
        catch (Exception failure)
        {
            // Not lost: whoever takes is told.
            lock (_gate)
            {
                _failure = failure;
                Clear();
            }
        }
    }

    // Waits for a shelf with room; null when the pool is disposed. The one that was asked for last comes first.
    private (IDiscreteNoise Law, int Count)? NextWithRoom()
    {
        lock (_gate)
        {
            while (!_disposed)
            {
                NoiseShelf? shelf = _shelves.Values.Where(s => s.Room > 0).MaxBy(s => s.LastUse);
                if (shelf is not null)
                    return (shelf.Law, Math.Min(shelf.Room, Portion));
                Monitor.Wait(_gate);
            }
            return null;
        }
    }
}
