using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Sql;

[OnPostgres]
public sealed class PostgresSourceWriterTests : SourceWriterTests;
