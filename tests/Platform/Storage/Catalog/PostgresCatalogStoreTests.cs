namespace Opaline.Platform.Tests.Storage.Catalog;

[OnPostgres]
public sealed class PostgresCatalogStoreTests : CatalogStoreTests;
