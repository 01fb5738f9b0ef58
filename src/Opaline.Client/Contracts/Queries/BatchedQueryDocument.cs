using System.Text.Json.Serialization;

namespace Opaline.Client.Contracts;

/// <summary>A query of a batch: a <see cref="QueryDocument"/> or an <see cref="SqlQueryDocument"/>, each of which becomes one by itself.</summary>
[JsonConverter(typeof(BatchedQueryConverter))]
public sealed record BatchedQueryDocument
{
    private BatchedQueryDocument(QueryDocument? query, SqlQueryDocument? sql) => (Query, Sql) = (query, sql);

    /// <summary>The query in its JSON form; null where it is in SQL.</summary>
    public QueryDocument? Query { get; }

    /// <summary>The query in SQL; null where it is in its JSON form.</summary>
    public SqlQueryDocument? Sql { get; }

    /// <summary>A query in its JSON form.</summary>
    public static BatchedQueryDocument Of(QueryDocument query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new BatchedQueryDocument(query, null);
    }

    /// <summary>A query in SQL.</summary>
    public static BatchedQueryDocument Of(SqlQueryDocument query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new BatchedQueryDocument(null, query);
    }

    /// <summary>A query in its JSON form.</summary>
    public static implicit operator BatchedQueryDocument(QueryDocument query) => Of(query);

    /// <summary>A query in SQL.</summary>
    public static implicit operator BatchedQueryDocument(SqlQueryDocument query) => Of(query);
}
