using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Ingestion.Treatments;

[OnPostgres]
public sealed class PostgresTreatmentTests : TreatmentTests;
