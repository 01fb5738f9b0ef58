using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases.Live;

[OnPostgres]
public sealed class PostgresLiveCounterTests : LiveCounterTests;
