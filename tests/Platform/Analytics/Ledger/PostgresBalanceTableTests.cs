using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Ledger;

[OnPostgres]
public sealed class PostgresBalanceTableTests : BalanceTableTests;
