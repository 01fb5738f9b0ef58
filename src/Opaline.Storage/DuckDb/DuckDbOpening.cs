namespace Opaline.Storage;

internal static class DuckDbOpening
{
    public static IEventStore Open(SqliteControlStore control, StorageOptions options) => throw new NotSupportedException(control.FilePath + options);
}
