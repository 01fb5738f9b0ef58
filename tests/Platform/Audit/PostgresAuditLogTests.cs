using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Audit;

[OnPostgres]
public sealed class PostgresAuditLogTests : AuditLogTests;
