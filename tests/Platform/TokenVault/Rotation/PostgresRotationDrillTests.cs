using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.TokenVault.Rotation;

[OnPostgres]
public sealed class PostgresRotationDrillTests : RotationDrillTests;
