using System.Data.Common;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Compares the ledger's totals with the charges that they are made of, by another way than the one in which they are kept.</summary>
internal static class LedgerCheck
{
    /// <summary>Accounts, as tenant/kind/key, whose totals are not the sums of their charges.</summary>
    public static IReadOnlyList<string> Differences(DbConnection connection)
    {
        Dictionary<Key, SortedDictionary<long, (Int128 NanoRho, Int128 AttoDelta)>> edges = [];
        foreach (LedgerCharge charge in LedgerTable.All(connection))
        {
            foreach (long window in (ReadOnlySpan<long>)[charge.Window, BalanceTable.AllWindows])
            {
                Key key = new(charge.Tenant, charge.Kind, charge.Key, window);
                if (!edges.TryGetValue(key, out SortedDictionary<long, (Int128 NanoRho, Int128 AttoDelta)>? changes))
                    edges[key] = changes = [];
                Change(changes, charge.Blocks.From, charge.NanoRho, charge.AttoDelta);
                Change(changes, charge.Blocks.To, -(Int128)charge.NanoRho, -(Int128)charge.AttoDelta);
            }
        }

        Dictionary<Key, List<BlockTotal>> expected = edges.ToDictionary(e => e.Key, e => Pieces(e.Value));
        Dictionary<Key, List<BlockTotal>> kept = Kept(connection);
        return
        [
            .. expected.Keys.Union(kept.Keys)
                .Where(k => !expected.GetValueOrDefault(k, []).SequenceEqual(kept.GetValueOrDefault(k, [])))
                .Select(k => $"{k.Tenant.Value}/{k.Kind}/{k.Account}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    private static void Change(SortedDictionary<long, (Int128 NanoRho, Int128 AttoDelta)> changes, long at, Int128 nanoRho, Int128 attoDelta)
    {
        changes.TryGetValue(at, out (Int128 NanoRho, Int128 AttoDelta) sum);
        changes[at] = (sum.NanoRho + nanoRho, sum.AttoDelta + attoDelta);
    }

    // Nothing is ever charged zero, so a piece without any ρ was charged by nobody.
    private static List<BlockTotal> Pieces(SortedDictionary<long, (Int128 NanoRho, Int128 AttoDelta)> changes)
    {
        List<BlockTotal> pieces = [];
        (Int128 rho, Int128 delta, long from) = (0, 0, 0);
        foreach ((long at, (Int128 NanoRho, Int128 AttoDelta) change) in changes)
        {
            if (rho > 0)
                pieces.Add(new BlockTotal(new BlockInterval(from, at), Saturated(rho), Saturated(delta)));
            (rho, delta, from) = (rho + change.NanoRho, delta + change.AttoDelta, at);
        }

        return pieces;
    }

    private static long Saturated(Int128 sum) => sum > BalanceTable.Most ? BalanceTable.Most : (long)sum;

    private static Dictionary<Key, List<BlockTotal>> Kept(DbConnection connection)
    {
        using DbCommand command = connection.Command(
            """
            SELECT tenant, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta FROM ledger_balance
            ORDER BY tenant, account_kind, account_key, window_index, block_from
            """);
        using DbDataReader reader = command.ExecuteReader();
        Dictionary<Key, List<BlockTotal>> kept = [];
        while (reader.Read())
        {
            Key key = new(new Tenant(reader.GetString(0)), reader.GetString(1), reader.GetString(2), reader.GetInt64(3));
            if (!kept.TryGetValue(key, out List<BlockTotal>? pieces))
                kept[key] = pieces = [];
            pieces.Add(new BlockTotal(new BlockInterval(reader.GetInt64(4), reader.GetInt64(5)), reader.GetInt64(6), reader.GetInt64(7)));
        }

        return kept;
    }

    private readonly record struct Key(Tenant Tenant, string Kind, string Account, long Window);
}
