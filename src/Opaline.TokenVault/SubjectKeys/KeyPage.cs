namespace Opaline.TokenVault;

/// <summary>The row of a page of subject keys: what a batch must carry until some transaction has committed it.</summary>
internal sealed class KeyPage(long number, int version, byte[] wrapped, bool committed)
{
    private volatile bool _committed = committed;

    public long Number { get; } = number;

    public int Version { get; } = version;

    public byte[] Wrapped { get; } = wrapped;

    public bool Committed => _committed;

    public void Commit() => _committed = true;
}
