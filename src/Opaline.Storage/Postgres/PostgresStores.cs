namespace Opaline.Storage;

/// <summary>The stores in one database, opened together.</summary>
internal sealed record PostgresStores(PostgresControlStore Control, PostgresEventStore Events);
