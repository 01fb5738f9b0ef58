using Opaline.Client.Contracts;

namespace Opaline.Client.Linq;

/// <summary>A whole question: it can be priced and asked. Immutable.</summary>
public sealed class PrivateQuery
{
    private readonly OpalineClient? _client;

    internal PrivateQuery(OpalineClient? client, QueryDocument document)
    {
        _client = client;
        Document = document;
    }

    /// <summary>The question in its JSON form.</summary>
    public QueryDocument Document { get; }

    /// <summary>Asks.</summary>
    /// <param name="options">Which release may answer; null: one that is young enough, else a new, charged one.</param>
    /// <param name="cancellationToken">Ends the call; the charge may stay.</param>
    /// <exception cref="InvalidOperationException">The question was built without a client.</exception>
    public Task<AnswerDocument> AskAsync(AskOptions? options = null, CancellationToken cancellationToken = default) =>
        Client.QueryAsync(Document, options, cancellationToken);

    /// <summary>Plans and prices; nothing is charged or read.</summary>
    /// <exception cref="InvalidOperationException">The question was built without a client.</exception>
    public Task<DryRunDocument> DryRunAsync(CancellationToken cancellationToken = default) =>
        Client.DryRunAsync(Document, cancellationToken);

    private OpalineClient Client => _client ?? throw new InvalidOperationException("The question was built without a client: start with client.Dataset<T>(…).");
}
