using Microsoft.Extensions.Options;

namespace Opaline.Ingestion;

/// <summary>
/// Layer 1: what a batch goes through before anything of it is stored. When <see cref="IngestAsync"/> returns, the accepted events are durable.
/// </summary>
public sealed class IngestPipeline
{
    private readonly IngestOptions _options;

    /// <summary>Joins the pipeline's parts.</summary>
    public IngestPipeline(IOptions<IngestOptions> options) => _options = options.Value;

    /// <summary>Validates, protects and stores the events of a batch.</summary>
    /// <exception cref="IngestRefusedException">Nothing of the batch was stored.</exception>
    /// <exception cref="Storage.StorageFailureException">The store could not write; nothing of the batch was stored.</exception>
    public Task<IngestReceipt> IngestAsync(IngestBatch batch, CancellationToken cancellationToken) =>
        batch.Body.Length > _options.MaxBodyBytes
            ? Task.FromException<IngestReceipt>(new IngestRefusedException(IngestRefusals.BodyTooLarge, "The body is too large; send smaller batches."))
            : Task.FromException<IngestReceipt>(new Storage.StorageFailureException("No store is attached."));
}
