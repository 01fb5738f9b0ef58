using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>A charge that has been paid for one release of one plan.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Nonce">The release's secret, by which groups beyond κ are chosen: the same however often the release is begun.</param>
/// <param name="IsNew">Whether this call paid for it; false if an earlier one did, whose release did not come to be.</param>
internal sealed record Voucher(long Id, ImmutableArray<byte> Nonce, bool IsNew);
