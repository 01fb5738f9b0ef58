using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Answers;

[OnPostgres]
public sealed class PostgresQueryServiceTests : QueryServiceTests;
