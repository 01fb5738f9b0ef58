using Opaline.Server.Authentication;
using Opaline.Server.Problems;

namespace Opaline.Server.Limits;

/// <summary>How many event streams may be open: each holds a connection and is told of every change.</summary>
internal sealed class StreamLimit
{
    /// <summary>Of one caller.</summary>
    public const int MostPerCaller = 4;

    /// <summary>Of all callers together.</summary>
    public const int Most = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Caller), int> _open = [];
    private int _all;

    /// <summary>Takes a place; disposing of it gives it back.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public IDisposable Enter(CallIdentity identity)
    {
        (string, string) key = (identity.Tenant.Value, identity.Id);
        lock (_lock)
        {
            int own = _open.GetValueOrDefault(key);
            if (own >= MostPerCaller || _all >= Most)
            {
                throw new ProblemException(
                    StatusCodes.Status429TooManyRequests,
                    ProblemCodes.TooManyStreams,
                    own >= MostPerCaller
                        ? $"This caller has {MostPerCaller} event streams open: end one of them first, or share one."
                        : "This server has as many event streams open as it bears: try again later, or read GET /api/v1/budget.");
            }

            _open[key] = own + 1;
            _all++;
        }

        return new Place(this, key);
    }

    private void Leave((string Tenant, string Caller) key)
    {
        lock (_lock)
        {
            _all--;
            if (--_open[key] == 0)
                _open.Remove(key);
        }
    }

    private sealed class Place(StreamLimit owner, (string Tenant, string Caller) key) : IDisposable
    {
        public void Dispose() => owner.Leave(key);
    }
}
