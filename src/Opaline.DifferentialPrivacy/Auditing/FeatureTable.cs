namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The features that vary over the examples, each brought to mean 0 and variance 1 by shift and factor, in columns: one feature of all runs
/// of a block, then the next, and a last column of ones.
/// </summary>
internal sealed class FeatureTable
{
    /// <summary>The most runs in a block: its columns stay in the nearest caches.</summary>
    public const int BlockRuns = 512;

    // Sums of such columns stay finite, whatever a later run may put out.
    private const double Greatest = 1e6;

    private readonly int _width;
    private readonly Feature[] _features;
    private readonly double[] _means;
    private readonly double[] _factors;

    /// <summary>The features of outputs of the given width.</summary>
    public FeatureTable(int width, double[] first, double[] second)
    {
        _width = width;
        List<Feature> varying = [];
        List<double> means = [];
        List<double> factors = [];
        foreach (Feature feature in Feature.All(width, first))
        {
            (double mean, double variance) = Moments(feature, first, second);
            if (!double.IsFinite(variance) || variance <= 0)
                continue;
            varying.Add(feature);
            means.Add(mean);
            factors.Add(1 / Math.Sqrt(variance));
        }
        _features = [.. varying];
        _means = [.. means];
        _factors = [.. factors];
    }

    /// <summary>The features of the columns, but for the ones.</summary>
    public IReadOnlyList<Feature> Features => _features;

    /// <summary>The columns, with the ones.</summary>
    public int Columns => _features.Length + 1;

    /// <summary>Fills the columns of up to <see cref="BlockRuns"/> runs, each column as long as there are runs.</summary>
    public void Expand(ReadOnlySpan<double> outputs, int runs, Span<double> columns)
    {
        for (int j = 0; j < _features.Length; j++)
        {
            Span<double> column = columns.Slice(j * runs, runs);
            _features[j].Evaluate(outputs, _width, column);
            for (int i = 0; i < runs; i++)
                column[i] = Math.Clamp((column[i] - _means[j]) * _factors[j], -Greatest, Greatest);
        }
        columns.Slice(_features.Length * runs, runs).Fill(1);
    }

    private (double Mean, double Variance) Moments(Feature feature, double[] first, double[] second)
    {
        // Shifted by the first example, so that the variance of a small change on a large number does not cancel.
        double[] values = new double[BlockRuns];
        double shift = 0;
        double sum = 0;
        double squares = 0;
        long count = 0;
        foreach (double[] outputs in (ReadOnlySpan<double[]>)[first, second])
        {
            for (int i = 0; i < outputs.Length; i += BlockRuns * _width)
            {
                ReadOnlySpan<double> block = outputs.AsSpan(i, Math.Min(BlockRuns * _width, outputs.Length - i));
                Span<double> column = values.AsSpan(0, block.Length / _width);
                feature.Evaluate(block, _width, column);
                if (count == 0)
                    shift = column[0];
                foreach (double value in column)
                {
                    sum += value - shift;
                    squares += (value - shift) * (value - shift);
                }
                count += column.Length;
            }
        }
        double mean = sum / count;
        return (mean + shift, (squares / count) - (mean * mean));
    }
}
