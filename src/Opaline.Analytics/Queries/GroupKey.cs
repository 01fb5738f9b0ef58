namespace Opaline.Analytics;

/// <summary>A key of the answer's rows: a field or a period.</summary>
public abstract record GroupKey
{
    private protected GroupKey()
    {
    }
}
