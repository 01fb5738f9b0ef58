namespace Opaline.Tokenization;

/// <summary>How tokens are made.</summary>
public enum TokenMethod
{
    /// <summary>AES-SIV: a text of its own form such as <c>em3_…</c>, authenticated, for values of any kind.</summary>
    Siv,

    /// <summary>FF1: a token looks like a value.</summary>
    FormatPreserving,

    /// <summary>ipcrypt-pfx: addresses of one network stay in one network.</summary>
    IpPrefix,

    /// <summary>ipcrypt-deterministic: a token looks like an IPv6 address and tells nothing of networks.</summary>
    IpDeterministic,

    /// <summary>ipcrypt-ndx: every token of an address is another one.</summary>
    IpNonDeterministic,
}
