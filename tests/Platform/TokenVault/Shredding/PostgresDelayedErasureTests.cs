using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.TokenVault.Shredding;

[OnPostgres]
public sealed class PostgresDelayedErasureTests : DelayedErasureTests;
