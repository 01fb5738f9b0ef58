using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>What an entry is found by.</summary>
/// <param name="Tenant">Owner.</param>
/// <param name="Scope">Stored scope, from <see cref="StoredScope"/>.</param>
/// <param name="JoinId">Equal exactly if the values are.</param>
internal readonly record struct EntryKey(string Tenant, string Scope, JoinId JoinId);
