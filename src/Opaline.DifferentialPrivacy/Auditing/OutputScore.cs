using System.Globalization;

namespace Opaline.DifferentialPrivacy;

/// <summary>One output as it is; −∞ where it is not a number.</summary>
internal sealed class OutputScore(int width, int index) : IEventScore
{
    public void Evaluate(ReadOnlySpan<double> outputs, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double output = outputs[(i * width) + index];
            scores[i] = double.IsNaN(output) ? double.NegativeInfinity : output;
        }
    }

    public string Describe(double threshold) => string.Create(CultureInfo.InvariantCulture, $"output {index} ≥ {threshold:R}");
}
