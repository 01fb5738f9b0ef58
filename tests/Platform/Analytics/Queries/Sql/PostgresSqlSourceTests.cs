using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Queries.Sql;

[OnPostgres]
public sealed class PostgresSqlSourceTests : SqlSourceTests;
