using System.Globalization;

namespace Opaline.DifferentialPrivacy;

/// <summary>A number taken from the outputs of a run: raw values saturate nowhere, indicators find flags, orders and repetitions.</summary>
/// <param name="Kind">What is taken.</param>
/// <param name="Index">The output it is taken from.</param>
/// <param name="Pivot">The median that <see cref="FeatureKind.Above"/> and <see cref="FeatureKind.Rises"/> compare with.</param>
internal readonly record struct Feature(FeatureKind Kind, int Index, double Pivot)
{
    /// <summary>All features of outputs of the given width, with medians from examples.</summary>
    public static List<Feature> All(int width, double[] examples)
    {
        List<Feature> features = [];
        for (int i = 0; i < width; i++)
        {
            features.Add(new Feature(FeatureKind.Value, i, 0));
            features.Add(new Feature(FeatureKind.Above, i, Median(examples, width, i, (_, x) => x)));
            features.Add(new Feature(FeatureKind.IsNaN, i, 0));
            features.Add(new Feature(FeatureKind.IsHighest, i, 0));
            features.Add(new Feature(FeatureKind.IsLowest, i, 0));
            if (i == 0)
                continue;
            features.Add(new Feature(FeatureKind.Rises, i, Median(examples, width, i, (before, x) => x - before)));
            features.Add(new Feature(FeatureKind.Repeats, i, 0));
        }
        return features;
    }

    /// <summary>The feature of each run, whose outputs lie one after the other.</summary>
    public void Evaluate(ReadOnlySpan<double> outputs, int width, Span<double> values)
    {
        for (int run = 0, at = Index; run < values.Length; run++, at += width)
        {
            double x = outputs[at];
            values[run] = Kind switch
            {
                FeatureKind.Value => double.IsFinite(x) ? x : 0,
                FeatureKind.Above => x > Pivot ? 1 : 0,
                FeatureKind.Rises => x - outputs[at - 1] > Pivot ? 1 : 0,
                FeatureKind.Repeats => x == outputs[at - 1] ? 1 : 0,
                FeatureKind.IsNaN => double.IsNaN(x) ? 1 : 0,
                FeatureKind.IsHighest => double.IsPositiveInfinity(x) ? 1 : 0,
                _ => double.IsNegativeInfinity(x) ? 1 : 0,
            };
        }
    }

    public override string ToString() => Kind switch
    {
        FeatureKind.Value => string.Create(CultureInfo.InvariantCulture, $"output {Index}"),
        FeatureKind.Above => string.Create(CultureInfo.InvariantCulture, $"[output {Index} > {Pivot:G6}]"),
        FeatureKind.Rises => string.Create(CultureInfo.InvariantCulture, $"[output {Index} − output {Index - 1} > {Pivot:G6}]"),
        FeatureKind.Repeats => string.Create(CultureInfo.InvariantCulture, $"[output {Index} = output {Index - 1}]"),
        FeatureKind.IsNaN => string.Create(CultureInfo.InvariantCulture, $"[output {Index} is NaN]"),
        FeatureKind.IsHighest => string.Create(CultureInfo.InvariantCulture, $"[output {Index} is ∞]"),
        _ => string.Create(CultureInfo.InvariantCulture, $"[output {Index} is −∞]"),
    };

    private static double Median(double[] examples, int width, int index, Func<double, double, double> of)
    {
        List<double> values = [];
        for (int at = index; at < examples.Length; at += width)
        {
            double value = of(index == 0 ? 0 : examples[at - 1], examples[at]);
            if (double.IsFinite(value))
                values.Add(value);
        }
        values.Sort();
        return values.Count == 0 ? 0 : values[values.Count / 2];
    }
}
