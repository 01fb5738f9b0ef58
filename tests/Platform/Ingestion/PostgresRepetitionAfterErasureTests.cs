using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Ingestion;

[OnPostgres]
public sealed class PostgresRepetitionAfterErasureTests : RepetitionAfterErasureTests;
