using Opaline.Catalog;

namespace Opaline.TokenVault;

/// <summary>The erasure of a person. The opaque id in it leads nowhere once it is done.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its public name, random.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="SubjectScope">Subject scope of the person.</param>
/// <param name="SubjectId">Dictionary id of the person; 0 once it is erased, when the number is forgotten.</param>
/// <param name="SubjectToken">The opaque id by which it was asked for.</param>
/// <param name="RequestedAt">When, UTC.</param>
/// <param name="RequestedBy">By whom.</param>
/// <param name="State">How far it is.</param>
/// <param name="BackupDays">How long older copies are kept, as the operator declared when it was asked for.</param>
/// <param name="ShreddedAt">When the person's key was destroyed, UTC.</param>
/// <param name="AsOf">The public tick since which no answer has the person in it, UTC.</param>
/// <param name="ErasedAt">When every store had been looked through, UTC.</param>
/// <param name="Datasets">What became of the rows: dataset to its rule at the time.</param>
public sealed record Erasure(
    long Id,
    string Name,
    Tenant Tenant,
    string SubjectScope,
    long SubjectId,
    string SubjectToken,
    DateTime RequestedAt,
    string RequestedBy,
    ErasureState State,
    int BackupDays,
    DateTime? ShreddedAt,
    DateTime? AsOf,
    DateTime? ErasedAt,
    IReadOnlyDictionary<string, ErasedRows> Datasets);
