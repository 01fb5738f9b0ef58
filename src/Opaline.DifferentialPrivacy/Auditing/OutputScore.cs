using System.Globalization;

namespace Opaline.DifferentialPrivacy;

/// <summary>One output as it is. NaN is below −∞, which is the least finite number here, so that both can be thresholds.</summary>
internal sealed class OutputScore(int width, int index) : IEventScore
{
    public void Evaluate(ReadOnlySpan<double> outputs, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double output = outputs[(i * width) + index];
            scores[i] = double.IsNaN(output) ? double.NegativeInfinity : Math.Max(output, double.MinValue);
        }
    }

    public string Describe(double threshold, bool reached) => threshold == double.MinValue
        ? string.Create(CultureInfo.InvariantCulture, $"output {index} is {(reached ? "a number" : "NaN")}")
        : string.Create(CultureInfo.InvariantCulture, $"output {index} {(reached ? "≥" : "<")} {threshold:R}");
}
