using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.TokenVault;

[OnPostgres]
public sealed class PostgresVaultCommitTests : VaultCommitTests;
