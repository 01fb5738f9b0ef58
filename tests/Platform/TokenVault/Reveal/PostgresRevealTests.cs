using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.TokenVault.Reveal;

[OnPostgres]
public sealed class PostgresRevealTests : RevealTests;
