using Opaline.Access;
using Opaline.Catalog;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Governance;

/// <summary>Everything that is stored about a person, opened: identifier, values, and the rows of every dataset of the person's scope as of the last public tick.</summary>
public sealed class SubjectExport(RevealService reveals, CatalogStore catalog, IEventStore events, PublicClock clock)
{
    /// <summary>Records the export and opens what the person has; nothing was read of the rows yet. The caller disposes of it.</summary>
    /// <returns>What is to be written; null if the person was erased meanwhile.</returns>
    /// <exception cref="RevealRefusedException">The reason is none, or the caller's quota is used up.</exception>
    public async Task<OpenExport?> OpenAsync(Caller caller, KnownSubject subject, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        Dataset[] datasets = [.. catalog.List(subject.Tenant).Where(d => string.Equals(d.SubjectScope, subject.SubjectScope, StringComparison.Ordinal))];
        OpenedSubject? opened = await reveals.OpenSubjectAsync(caller, subject, reason, cancellationToken);
        return opened is null ? null : new OpenExport(subject, opened, datasets, reveals, events, clock.Current);
    }
}
