using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Opaline.Access;
using SQLitePCL;

namespace Opaline.Platform.Tests.TokenVault.Reveal;

public sealed partial class RevealCostTests
{
    private static readonly Caller Admin = new(VaultFixture.Acme, "admin", "it", Role.Admin);

    [Fact]
    public async Task Token_of_nobody_takes_the_same_statements_as_one_that_opens()
    {
        await using VaultFixture fixture = new();
        await fixture.StoreAsync(["ann", "bob"], VaultFixture.Email(0, "ann@example.com"));
        await fixture.StoreAsync(VaultFixture.Globex, ["eve"]);
        string known = (await fixture.LookUpAsync("ann"))!;
        string foreign = (await fixture.Vault.LookUpSubjectAsync(VaultFixture.Globex, VaultFixture.Scope, "eve", CancellationToken.None))!;
        string[] opening = await StatementsAsync(fixture, known);
        Assert.True(opening.Count(s => s.Contains("INSERT", StringComparison.Ordinal)) >= 2, "The statements were not traced.");
        Assert.Contains(opening, s => s.Contains("vault_holder", StringComparison.Ordinal));
        Assert.Equal(opening, await StatementsAsync(fixture, foreign));
        Assert.Equal(opening, await StatementsAsync(fixture, "sub1_" + new string('0', 26)));
    }

    // Without the values in them.
    private static async Task<string[]> StatementsAsync(VaultFixture fixture, string token)
    {
        List<string> traced = [];
        await TraceAsync(fixture, (_, sql) => traced.Add(Value().Replace(sql, "?")));
        await fixture.Reveals.RevealAsync(Admin, [token], "Support ticket OPS-1234", CancellationToken.None);
        await TraceAsync(fixture, null);
        // The others begin and end transactions, those of the tracing among them.
        return [.. traced.Where(s => s.Contains("vault_", StringComparison.Ordinal) || s.Contains("audit_", StringComparison.Ordinal))];
    }

    private static Task<bool> TraceAsync(VaultFixture fixture, strdelegate_trace? trace) => fixture.Store.WriteAsync(
        transaction =>
        {
            raw.sqlite3_trace(((SqliteConnection)transaction.Connection).Handle, trace, null);
            return true;
        },
        CancellationToken.None);

    [GeneratedRegex("[xX]?'([^']|'')*'|[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Value();
}
