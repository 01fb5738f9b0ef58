using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Ledger;

public sealed class SqliteLedgerRaceTests : LedgerRaceContract
{
    private protected override AnalyticsHost Open(Action<AnalyticsOptions> configure) => new(configure: configure);
}
