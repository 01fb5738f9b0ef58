namespace Opaline.Tokenization;

/// <summary>What a format-preserving token of an e-mail address shows of the domain.</summary>
public enum DomainPolicy
{
    /// <summary>Domains of a list are shown, any other becomes <c>&lt;token&gt;.invalid</c>. The list should hold what many people share.</summary>
    AllowListed,

    /// <summary>Nothing: every domain becomes <c>&lt;token&gt;.invalid</c>.</summary>
    None,

    /// <summary>The public suffix, such as <c>&lt;token&gt;.co.uk</c>: the longest of the listed suffixes, else the last label.</summary>
    PublicSuffix,

    /// <summary>All of it.</summary>
    Full,
}
