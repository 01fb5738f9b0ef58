using DuckDB.NET.Data;

namespace Opaline.Storage;

/// <summary>Turns DuckDB's errors into ours. Its texts quote SQL and values, so only the kind of the error is kept.</summary>
internal static class DuckDbFaults
{
    public static StorageFailureException Translate(DuckDBException fault, string what) => new($"{what} (DuckDB error {fault.ErrorType}).");
}
