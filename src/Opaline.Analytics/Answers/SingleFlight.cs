using Microsoft.Extensions.Options;

namespace Opaline.Analytics;

/// <summary>
/// Lets one caller at a time work on a plan; those who waited find its release. The time that the engine may take counts from the first on: whoever waits for
/// another's engine has no more of it than that one.
/// </summary>
internal sealed class SingleFlight(TimeProvider time, IOptions<AnalyticsOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>Waits for plans, always in one order, so that no two callers wait for each other; dispose of what is returned to let the next one in.</summary>
    /// <exception cref="EngineFailureException">Those before took all the time that there is.</exception>
    public async Task<Flight> EnterAsync(IEnumerable<string> plans, CancellationToken cancellationToken)
    {
        Flight flight = new(time, options.Value.EngineLimit, cancellationToken);
        try
        {
            foreach (string plan in plans.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                flight.Add(await EnterAsync(plan, flight.Limit));
            return flight;
        }
        catch (OperationCanceledException)
        {
            flight.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new EngineFailureException();
        }
    }

    private async Task<Gate> EnterAsync(string plan, CancellationToken limit)
    {
        Gate? gate;
        lock (_lock)
        {
            if (!_gates.TryGetValue(plan, out gate))
                _gates[plan] = gate = new Gate(this, plan);
            gate.Callers++;
        }

        try
        {
            await gate.Semaphore.WaitAsync(limit);
        }
        catch
        {
            Leave(gate);
            throw;
        }

        return gate;
    }

    private void Leave(Gate gate)
    {
        lock (_lock)
        {
            if (--gate.Callers > 0)
                return;
            _gates.Remove(gate.Plan);
        }

        gate.Semaphore.Dispose();
    }

    private sealed class Gate(SingleFlight owner, string plan) : IDisposable
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public string Plan => plan;

        /// <summary>Callers that wait or work; guarded by the owner's lock.</summary>
        public int Callers { get; set; }

        public void Dispose()
        {
            Semaphore.Release();
            owner.Leave(this);
        }
    }
}
