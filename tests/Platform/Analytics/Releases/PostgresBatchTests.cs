using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases;

[OnPostgres]
public sealed class PostgresBatchTests : BatchTests;
