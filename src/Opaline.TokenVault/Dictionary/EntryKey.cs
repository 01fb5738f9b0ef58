using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>What an entry is found by.</summary>
/// <param name="Scope">Number of its scope, which is one tenant's.</param>
/// <param name="JoinId">Equal exactly if the values are.</param>
internal readonly record struct EntryKey(long Scope, JoinId JoinId);
