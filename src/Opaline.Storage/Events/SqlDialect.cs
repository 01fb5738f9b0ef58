namespace Opaline.Storage;

/// <summary>Whose SQL an event store runs. Nearly all of it is the same; they differ in what they compute quickly.</summary>
public enum SqlDialect
{
    /// <summary>PostgreSQL, alone or distributed: every sub-select stays where its subject's rows are.</summary>
    PostgreSql,

    /// <summary>DuckDB, on one machine.</summary>
    DuckDb,
}
