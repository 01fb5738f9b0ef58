using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>The row of a page of subject keys: what a batch must carry until some transaction has committed it.</summary>
internal sealed class KeyPage(long number, int version, long first, byte[] wrapped, bool committed)
{
    private volatile bool _committed = committed;

    public long Number { get; } = number;

    public int Version { get; } = version;

    /// <summary>Number of its first subject; the others come before <see cref="End"/>.</summary>
    public long First { get; } = first;

    /// <summary>The first number that is none of a subject of this page.</summary>
    public long End => First + SubjectKeyPage.Capacity;

    public byte[] Wrapped { get; } = wrapped;

    public bool Committed => _committed;

    public void Commit() => _committed = true;
}
