using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Queries.Truth;

[OnPostgres]
public sealed class PostgresTruthTests : TruthTests;
