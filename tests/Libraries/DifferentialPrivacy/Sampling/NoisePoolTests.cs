using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

public class NoisePoolTests
{
    [Fact]
    public void Every_value_is_handed_out_once_also_to_many_threads()
    {
        Counting law = new();
        using NoisePool pool = new(laws: 2, valuesEach: 5_000);
        long[][] taken = new long[4][];
        Parallel.For(0, taken.Length, thread =>
        {
            List<long> mine = [];
            long[] some = new long[700];
            for (int i = 0; i < 40; i++)
            {
                pool.Take(law, some);
                mine.AddRange(some);
            }
            taken[thread] = [.. mine];
        });
        long[] all = [.. taken.SelectMany(t => t)];
        Assert.Equal(4 * 40 * 700, all.Distinct().Count());
        Assert.DoesNotContain(0, all);
    }

    [Fact]
    public void It_draws_ahead_up_to_its_bound_in_the_background()
    {
        Counting law = new();
        using NoisePool pool = new(laws: 1, valuesEach: 3_000);
        pool.Take(law, new long[1]);
        Assert.True(SpinWait.SpinUntil(() => law.Drawn == 3_001, TimeSpan.FromSeconds(30)));
        pool.Take(law, new long[1_000]);
        Assert.True(SpinWait.SpinUntil(() => law.Drawn == 4_001, TimeSpan.FromSeconds(30)));
        // The first value, for which there was no shelf yet.
        Assert.Single(law.Threads, thread => thread == Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void It_draws_at_once_what_it_lacks()
    {
        using NoisePool pool = new(laws: 1, valuesEach: 10);
        long[] values = new long[100_000];
        pool.Take(new DiscreteLaplace(22), values);
        Assert.False(ChiSquare.Rejects(values, new DiscreteLaplace(22).UpperTail, 0, 2)); // a false alarm below 1e-9
    }

    [Fact]
    public void Values_from_the_pool_follow_the_law()
    {
        DiscreteGaussian law = new(100);
        using NoisePool pool = new(laws: 1, valuesEach: 1_000);
        long[] values = new long[150_000];
        for (int i = 0; i < values.Length; i += 500)
            pool.Take(new DiscreteGaussian(100), values.AsSpan(i, 500));
        Assert.False(ChiSquare.Rejects(values, law.UpperTail, 0, 1)); // a false alarm below 1e-9
    }

    [Fact]
    public void Laws_beyond_the_bound_replace_the_one_that_was_used_longest_ago()
    {
        Counting first = new();
        Counting second = new();
        Counting third = new();
        using NoisePool pool = new(laws: 2, valuesEach: 100);
        pool.Take(first, new long[1]);
        pool.Take(second, new long[1]);
        Wait(first, 101);
        Wait(second, 101);
        pool.Take(first, new long[1]);
        Wait(first, 102);
        pool.Take(third, new long[1]); // instead of second
        Wait(third, 101);
        pool.Take(first, new long[50]);
        Wait(first, 152); // from its shelf
        pool.Take(second, new long[50]);
        Wait(second, 101 + 150); // at once, and a shelf anew

        static void Wait(Counting law, int drawn) => Assert.True(SpinWait.SpinUntil(() => law.Drawn == drawn, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_failure_in_the_background_is_told_to_whoever_takes()
    {
        Failing law = new();
        using NoisePool pool = new(laws: 1, valuesEach: 10);
        pool.Take(law, new long[1]);
        InvalidOperationException? told = null;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                told = Record.Exception(() => pool.Take(law, new long[1])) as InvalidOperationException;
                return told is not null;
            },
            TimeSpan.FromSeconds(30)));
        Assert.IsType<NotSupportedException>(told!.InnerException);
    }

    [Fact]
    public void Disposed_it_ends_its_thread_and_hands_out_nothing()
    {
        Counting law = new();
        NoisePool pool = new(laws: 1, valuesEach: 1_000_000);
        pool.Take(law, new long[1]);
        pool.Dispose();
        int drawn = law.Drawn;
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Take(law, new long[1]));
        Assert.Equal(drawn, law.Drawn);
    }

    [Fact]
    public void A_shelf_clears_what_it_hands_out()
    {
        NoiseShelf shelf = new(new DiscreteLaplace(1), 8);
        shelf.Add([1, 2, 3, 4, 5]);
        Assert.Equal(3, shelf.Room);
        long[] taken = new long[3];
        Assert.Equal(3, shelf.Take(taken));
        Assert.Equal([3, 4, 5], taken);
        Assert.Equal([1, 2, 0, 0, 0], shelf.Memory[..5].ToArray());
        shelf.Clear();
        Assert.Equal([0, 0], shelf.Memory[..2].ToArray());
        Assert.Equal(0, shelf.Take(taken));
    }

    [Fact]
    public void Bounds_below_one_are_refused_by_name()
    {
        Assert.Equal("laws", Assert.Throws<ArgumentOutOfRangeException>(() => new NoisePool(0, 1)).ParamName);
        Assert.Equal("valuesEach", Assert.Throws<ArgumentOutOfRangeException>(() => new NoisePool(1, 0)).ParamName);
    }

    /// <summary>Draws 1, 2, 3, …, so that a value handed out twice shows.</summary>
    private sealed class Counting : IDiscreteNoise
    {
        private readonly List<int> _threads = [];
        private int _drawn;

        public int Drawn => Volatile.Read(ref _drawn);

        public IReadOnlyList<int> Threads
        {
            get
            {
                lock (_threads)
                    return [.. _threads];
            }
        }

        public void Fill(Span<long> destination)
        {
            if (destination.Length == 0)
                return;
            lock (_threads)
                _threads.Add(Environment.CurrentManagedThreadId);
            foreach (ref long draw in destination)
                draw = Interlocked.Increment(ref _drawn);
        }

        public BigInteger Sample() => throw new NotSupportedException();

        public double UpperTail(long t) => throw new NotSupportedException();

        public long HalfWidth(double alpha) => throw new NotSupportedException();
    }

    /// <summary>Fails in the background only.</summary>
    private sealed class Failing : IDiscreteNoise
    {
        private readonly int _here = Environment.CurrentManagedThreadId;

        public void Fill(Span<long> destination)
        {
            if (Environment.CurrentManagedThreadId != _here)
                throw new NotSupportedException();
        }

        public BigInteger Sample() => throw new NotSupportedException();

        public double UpperTail(long t) => throw new NotSupportedException();

        public long HalfWidth(double alpha) => throw new NotSupportedException();
    }
}
