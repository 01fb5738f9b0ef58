using System.Globalization;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Server.RateLimiting;

namespace Opaline.Server.Auditing;

/// <summary>
/// Records refusals of callers whom no token names. A flood must not fill the log: of one address, action and code the first in a
/// minute is written, with how many came before it that were not. Addresses stay in memory; the record has none.
/// </summary>
internal sealed class AnonymousRefusals(AuditLog log, TimeProvider time)
{
    private const string Actor = "anonymous";

    /// <summary>Beyond so many at a time the rest counts as one address: a flood from everywhere writes no more than this a minute.</summary>
    private const int MostKeys = 256;

    private const string Elsewhere = "";

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Address, string Action, string Code), (long Minute, long Unwritten)> _seen = [];

    public async Task RecordAsync(HttpContext context, string action, string acted, string code)
    {
        (string Address, string Action, string Code) key = (RemoteAddress.Of(context), action, code);
        if (Take(ref key) is not { } before)
            return;
        try
        {
            string detail = string.Create(CultureInfo.InvariantCulture, $$"""{"refused_before":{{before}}}""");
            await log.WriteAsync(new AuditRecord(Tenant.Default, Actor, null, action, acted, code, detail), CancellationToken.None);
        }
        catch
        {
            GiveBack(key, before);
            throw;
        }
    }

    /// <summary>How many were not written since the last record, if this one is to be; null: it is only counted.</summary>
    private long? Take(ref (string Address, string Action, string Code) key)
    {
        long minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        lock (_lock)
        {
            if (!_seen.ContainsKey(key) && _seen.Count >= MostKeys)
                Forget(minute);
            if (!_seen.ContainsKey(key) && _seen.Count >= MostKeys)
                key = key with { Address = Elsewhere };
            bool known = _seen.TryGetValue(key, out (long Minute, long Unwritten) last);
            if (known && last.Minute == minute)
            {
                _seen[key] = (minute, last.Unwritten + 1);
                return null;
            }

            _seen[key] = (minute, 0);
            return last.Unwritten;
        }
    }

    /// <summary>The next one tries again.</summary>
    private void GiveBack((string Address, string Action, string Code) key, long before)
    {
        lock (_lock)
        {
            _seen.TryGetValue(key, out (long Minute, long Unwritten) now);
            _seen[key] = (0, before + now.Unwritten + 1);
        }
    }

    // Nothing that was counted is lost: it goes to the next record of those who have no line of their own.
    private void Forget(long minute)
    {
        foreach (((string address, string action, string code), (long seen, long unwritten)) in _seen.ToArray())
        {
            if (seen == minute || address == Elsewhere)
                continue;
            _seen.Remove((address, action, code));
            if (unwritten == 0)
                continue;
            _seen.TryGetValue((Elsewhere, action, code), out (long Minute, long Unwritten) rest);
            _seen[(Elsewhere, action, code)] = (rest.Minute, rest.Unwritten + unwritten);
        }
    }
}
