namespace Opaline.Platform.Tests.Storage.Events;

[OnPostgres]
public sealed class PostgresEventSealingTests : EventSealingContract;
