namespace Opaline.Catalog;

/// <summary>The organisation that owns datasets, keys, accounts and log entries. It comes from the caller's token and is part of every key.</summary>
/// <param name="Value">1 to 64 characters of <c>a-z 0-9 -</c>.</param>
public readonly record struct Tenant(string Value)
{
    /// <summary>The tenant of an installation that serves one organisation.</summary>
    public static Tenant Default { get; } = new("default");

    /// <inheritdoc />
    public override string ToString() => Value;
}
