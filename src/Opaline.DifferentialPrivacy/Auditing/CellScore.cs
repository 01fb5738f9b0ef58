using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A histogram: outputs in cells, each scored by how much oftener it was seen on the first input than on the second. The score is
/// (a − b)/(a + b + 40) for counts a and b, which orders cells by their likelihood ratio and holds rare ones near 0: 40 is about what it
/// takes to see a ratio of 1.4 over the noise. Cells that were not seen score 0.
/// </summary>
internal sealed class CellScore : IEventScore
{
    private const int MostCells = 1 << 16;
    private const double Prior = 40;
    private const int ShownCells = 3;
    private const int WholeOutput = -1;

    private readonly int _width;
    private readonly int _index;
    private readonly Dictionary<ulong, double> _scores;
    private readonly Dictionary<ulong, string> _names;

    private CellScore(int width, int index, Dictionary<ulong, (int First, int Second)> counts)
    {
        _width = width;
        _index = index;
        _names = [];
        _scores = counts.ToDictionary(cell => cell.Key, cell => Score(cell.Value.First, cell.Value.Second));
    }

    /// <summary>Cells of one exact output each, or null where there are too many of them to learn anything.</summary>
    public static CellScore? OfOutputs(int width, double[] first, double[] second) => Learn(width, WholeOutput, first, second);

    /// <summary>Cells by the <see cref="FloatForm"/> of one output, or null.</summary>
    public static CellScore? OfFloatForm(int width, int index, double[] first, double[] second) => Learn(width, index, first, second);

    public void Evaluate(ReadOnlySpan<double> outputs, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
            scores[i] = _scores.GetValueOrDefault(Key(outputs.Slice(i * _width, _width), _index));
    }

    public string Describe(double threshold, bool reached)
    {
        List<KeyValuePair<ulong, double>> cells = [.. _scores.Where(cell => cell.Value >= threshold).OrderByDescending(cell => cell.Value)];
        string shown = string.Join("; ", cells.Take(ShownCells).Select(cell => _names[cell.Key]));
        string what = _index == WholeOutput ? "outputs" : string.Create(CultureInfo.InvariantCulture, $"output {_index} as a float");
        string seen = threshold > 0 ? "" : " or one never seen before";
        string relation = reached ? "in" : "not in";
        return string.Create(CultureInfo.InvariantCulture, $"{what} {relation} one of {cells.Count} cells, such as {shown}{seen}");
    }

    private static CellScore? Learn(int width, int index, double[] first, double[] second)
    {
        Dictionary<ulong, (int First, int Second)> counts = [];
        for (int i = 0; i < first.Length && counts.Count <= MostCells; i += width)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, Key(first.AsSpan(i, width), index), out _).First++;
            CollectionsMarshal.GetValueRefOrAddDefault(counts, Key(second.AsSpan(i, width), index), out _).Second++;
        }
        if (counts.Count > MostCells || counts.Count == 1)
            return null;
        CellScore score = new(width, index, counts);
        score.Name(first);
        score.Name(second);
        return score;
    }

    private static double Score(int first, int second) => (first - second) / (first + second + Prior);

    private static ulong Key(ReadOnlySpan<double> outputs, int index)
    {
        if (index != WholeOutput)
        {
            FloatForm form = FloatForm.Of(outputs[index]);
            return ((ulong)(uint)form.Magnitude << 32) | (uint)form.Grid;
        }
        // A collision merges two cells: it may cost power, never validity. The low bits of most doubles are zeros: the rotation brings the
        // others to where the dictionary looks.
        ulong key = 0;
        foreach (double output in outputs)
        {
            ulong bits = double.IsNaN(output) ? 1 : BitConverter.DoubleToUInt64Bits(output);
            key = BitOperations.RotateLeft((key ^ bits) * 0x9E3779B97F4A7C15, 27);
        }
        return key;
    }

    private void Name(double[] outputs)
    {
        for (int i = 0; i < outputs.Length && _names.Count < _scores.Count; i += _width)
        {
            ReadOnlySpan<double> run = outputs.AsSpan(i, _width);
            ulong key = Key(run, _index);
            if (!_names.ContainsKey(key))
                _names.Add(key, _index == WholeOutput ? Tuple(run) : FloatForm.Of(run[_index]).ToString());
        }
    }

    private static string Tuple(ReadOnlySpan<double> outputs)
    {
        string[] parts = new string[outputs.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = outputs[i].ToString("R", CultureInfo.InvariantCulture);
        return $"({string.Join(", ", parts)})";
    }
}
