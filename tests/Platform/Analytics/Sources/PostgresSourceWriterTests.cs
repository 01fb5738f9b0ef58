using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Sources;

[OnPostgres]
public sealed class PostgresSourceWriterTests : SourceWriterTests;
