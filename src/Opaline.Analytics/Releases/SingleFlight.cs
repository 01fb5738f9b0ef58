namespace Opaline.Analytics;

/// <summary>Lets one caller at a time work on a plan; those who waited find its release.</summary>
internal sealed class SingleFlight
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>Waits for the plan; dispose what is returned to let the next one in.</summary>
    public async Task<IDisposable> EnterAsync(string plan, CancellationToken cancellationToken)
    {
        Flight? flight;
        lock (_lock)
        {
            if (!_flights.TryGetValue(plan, out flight))
                _flights[plan] = flight = new Flight(this, plan);
            flight.Callers++;
        }

        try
        {
            await flight.Gate.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(flight);
            throw;
        }

        return flight;
    }

    /// <summary>Waits for several plans, always in one order, so that no two callers wait for each other.</summary>
    public async Task<IDisposable> EnterAsync(IEnumerable<string> plans, CancellationToken cancellationToken)
    {
        Flights entered = new();
        try
        {
            foreach (string plan in plans.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                entered.Add(await EnterAsync(plan, cancellationToken));
            return entered;
        }
        catch
        {
            entered.Dispose();
            throw;
        }
    }

    private void Leave(Flight flight)
    {
        lock (_lock)
        {
            if (--flight.Callers > 0)
                return;
            _flights.Remove(flight.Plan);
        }

        flight.Gate.Dispose();
    }

    private sealed class Flight(SingleFlight owner, string plan) : IDisposable
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public string Plan => plan;

        /// <summary>Callers that wait or work; guarded by the owner's lock.</summary>
        public int Callers { get; set; }

        public void Dispose()
        {
            Gate.Release();
            owner.Leave(this);
        }
    }

    private sealed class Flights : List<IDisposable>, IDisposable
    {
        public void Dispose() => ForEach(flight => flight.Dispose());
    }
}
