namespace Opaline.Analytics;

/// <summary>A caller's turn at plans. Disposing of it lets the next one in.</summary>
internal sealed class Flight : IDisposable
{
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _limit;
    private readonly List<IDisposable> _gates = [];

    public Flight(TimeProvider time, TimeSpan limit, CancellationToken cancellationToken)
    {
        _time = new CancellationTokenSource(limit, time);
        _limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _time.Token);
    }

    /// <summary>Ends when the engine's time runs out, or the call.</summary>
    public CancellationToken Limit => _limit.Token;

    public void Add(IDisposable gate) => _gates.Add(gate);

    public void Dispose()
    {
        _gates.ForEach(gate => gate.Dispose());
        _limit.Dispose();
        _time.Dispose();
    }
}
