namespace Opaline.Analytics;

/// <summary>Kinds of accounts.</summary>
public enum AccountKind
{
    /// <summary>A dataset: the guarantee, over all analysts together.</summary>
    Dataset,

    /// <summary>A department: a quota.</summary>
    Department,

    /// <summary>A caller: a quota.</summary>
    Principal,
}
