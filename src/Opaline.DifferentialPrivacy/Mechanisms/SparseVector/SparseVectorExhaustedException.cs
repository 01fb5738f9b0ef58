namespace Opaline.DifferentialPrivacy;

/// <summary>A query after the last hit that was paid for. More answers need a new <see cref="AboveThreshold"/>, at its full loss.</summary>
public sealed class SparseVectorExhaustedException : InvalidOperationException
{
    internal SparseVectorExhaustedException()
        : base("All hits of this AboveThreshold have been reported; any further answer would lose privacy that was not paid for. "
            + "Create another one and charge its loss.")
    {
    }
}
