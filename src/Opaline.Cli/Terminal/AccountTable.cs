using System.Globalization;
using Opaline.Client.Contracts;
using Spectre.Console;

namespace Opaline.Cli.Terminal;

/// <summary>Budget accounts as a table.</summary>
internal static class AccountTable
{
    public static Table Of(IEnumerable<AccountDocument> accounts)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("account");
        table.AddColumn(new TableColumn("spent ρ").RightAligned());
        table.AddColumn(new TableColumn("limit ρ").RightAligned());
        table.AddColumn(new TableColumn("left ρ").RightAligned());
        table.AddColumn(new TableColumn("left as ε").RightAligned());
        table.AddColumn("refills");
        table.AddColumn(new TableColumn("lifetime ε").RightAligned());
        table.AddColumn(new TableColumn("lifetime δ").RightAligned());
        foreach (AccountDocument account in accounts)
        {
            table.AddRow(
                Markup.Escape($"{account.Kind} {account.Name}"),
                Rho(account.SpentNanoRho),
                Rho(account.LimitNanoRho),
                Rho(account.LeftNanoRho),
                account.LeftEpsilon.ToString("0.###", CultureInfo.InvariantCulture),
                account.WindowEnds is { } more ? more.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "never",
                account.LifetimeEpsilon.ToString("0.###", CultureInfo.InvariantCulture),
                account.LifetimeDelta.ToString("0.##e+0", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static string Rho(long nano) => (nano / 1e9).ToString("0.000000", CultureInfo.InvariantCulture);
}
