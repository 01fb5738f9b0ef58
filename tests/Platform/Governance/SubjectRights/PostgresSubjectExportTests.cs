using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Governance.SubjectRights;

[OnPostgres]
public sealed class PostgresSubjectExportTests : SubjectExportTests;
