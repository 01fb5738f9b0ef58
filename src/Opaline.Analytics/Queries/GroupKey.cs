namespace Opaline.Analytics;

/// <summary>A key of the answer's rows: a period, or the values of an expression.</summary>
public abstract record GroupKey
{
    private protected GroupKey()
    {
    }
}
