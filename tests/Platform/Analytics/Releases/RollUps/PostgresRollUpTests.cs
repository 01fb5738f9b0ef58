using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases.RollUps;

[OnPostgres]
public sealed class PostgresRollUpTests : RollUpTests;
