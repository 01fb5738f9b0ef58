using System.Buffers;
using System.Globalization;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The posterior log-odds of the first input by logistic regression on the features of the outputs: by the lemma of Neyman and Pearson the
/// best event of its size is a threshold on the true posterior (Bichsel, Steffen, Bogunovic, Vechev, DP-Sniper: Black-Box Discovery of
/// Differential Privacy Violations using Classifiers, S&amp;P 2021).
/// </summary>
internal sealed class LogisticScore : IEventScore
{
    private const int ShownFeatures = 3;

    private readonly int _width;
    private readonly FeatureTable _table;
    private readonly double[] _weights;

    private LogisticScore(int width, FeatureTable table, double[] weights)
    {
        _width = width;
        _table = table;
        _weights = weights;
    }

    /// <summary>The score learned from as many runs on either input, or null where no feature varies.</summary>
    public static LogisticScore? Learn(int width, double[] first, double[] second)
    {
        FeatureTable table = new(width, first, second);
        return table.Features.Count == 0 ? null : new(width, table, LogisticRegression.Fit(table, width, first, second));
    }

    public void Evaluate(ReadOnlySpan<double> outputs, Span<double> scores)
    {
        double[] columns = ArrayPool<double>.Shared.Rent(_table.Columns * FeatureTable.BlockRuns);
        for (int from = 0; from < scores.Length; from += FeatureTable.BlockRuns)
        {
            Span<double> block = scores.Slice(from, Math.Min(FeatureTable.BlockRuns, scores.Length - from));
            _table.Expand(outputs.Slice(from * _width, block.Length * _width), block.Length, columns);
            LogisticRegression.Combine(columns, _weights, block);
        }
        ArrayPool<double>.Shared.Return(columns);
    }

    public string Describe(double threshold, bool reached)
    {
        IEnumerable<string> strongest = _table.Features.Zip(_weights, (feature, weight) => (feature, weight))
            .OrderByDescending(pair => Math.Abs(pair.weight))
            .Take(ShownFeatures)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.weight:+0.000;−0.000}·{pair.feature}"));
        string sum = string.Join(" ", strongest);
        string relation = reached ? "≥" : "<";
        return string.Create(CultureInfo.InvariantCulture, $"log-odds {relation} {threshold:G6} with, standardised, {sum} …");
    }
}
