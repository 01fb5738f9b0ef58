using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The weights by which standardised features tell runs on the first input from runs on the second: the maximum of the likelihood less a
/// small ridge, by Newton's method with halved steps. The same examples give the same weights.
/// </summary>
internal sealed class LogisticRegression
{
    private const double Ridge = 1e-3;
    private const int MostSteps = 25;
    private const int MostHalvings = 30;
    private const double Converged = 1e-7;

    private readonly FeatureTable _table;
    private readonly double[] _weights;
    private readonly double[] _gradient;
    private readonly double[,] _hessian;
    private readonly double[] _columns;
    private readonly double[] _scores;
    private readonly double[] _curvatures;
    private readonly double[] _weighted;

    private LogisticRegression(FeatureTable table)
    {
        _table = table;
        _weights = new double[table.Columns];
        _gradient = new double[table.Columns];
        _hessian = new double[table.Columns, table.Columns];
        _columns = new double[table.Columns * FeatureTable.BlockRuns];
        _scores = new double[FeatureTable.BlockRuns];
        _curvatures = new double[FeatureTable.BlockRuns];
        _weighted = new double[FeatureTable.BlockRuns];
    }

    /// <summary>The weights of the columns of the table: positive where a greater feature speaks for the first input.</summary>
    public static double[] Fit(FeatureTable table, int width, double[] first, double[] second)
    {
        LogisticRegression regression = new(table);
        double loss = regression.Evaluate(width, first, second);
        for (int step = 0; step < MostSteps; step++)
        {
            double[] direction = regression.Direction();
            double[] from = [.. regression._weights];
            double before = loss;
            double factor = 1;
            for (int halving = 0; ; halving++, factor /= 2)
            {
                for (int j = 0; j < from.Length; j++)
                    regression._weights[j] = from[j] + (factor * direction[j]);
                loss = regression.Evaluate(width, first, second);
                if (loss <= before)
                    break;
                if (halving == MostHalvings)
                    return from;
            }
            if (before - loss <= Converged * before)
                break;
        }
        return regression._weights;
    }

    /// <summary>The sum of the columns of a block by their weights.</summary>
    public static void Combine(ReadOnlySpan<double> columns, ReadOnlySpan<double> weights, Span<double> sums)
    {
        sums.Clear();
        for (int j = 0; j < weights.Length; j++)
        {
            ReadOnlySpan<double> column = columns.Slice(j * sums.Length, sums.Length);
            for (int i = 0; i < sums.Length; i++)
                sums[i] += weights[j] * column[i];
        }
    }

    // The mean loss and ridge at the current weights, with gradient and curvature.
    private double Evaluate(int width, double[] first, double[] second)
    {
        Array.Clear(_gradient);
        Array.Clear(_hessian);
        double loss = Add(width, first, 1) + Add(width, second, -1);
        double scale = (double)width / (first.Length + second.Length);
        double ridge = 0;
        for (int j = 0; j < _weights.Length; j++)
        {
            _gradient[j] = (_gradient[j] * scale) - (Ridge * _weights[j]);
            for (int k = 0; k <= j; k++)
                _hessian[j, k] *= scale;
            _hessian[j, j] += Ridge;
            ridge += Ridge * _weights[j] * _weights[j] / 2;
        }
        return (loss * scale) + ridge;
    }

    private double Add(int width, double[] outputs, int label)
    {
        double loss = 0;
        for (int i = 0; i < outputs.Length; i += FeatureTable.BlockRuns * width)
        {
            ReadOnlySpan<double> block = outputs.AsSpan(i, Math.Min(FeatureTable.BlockRuns * width, outputs.Length - i));
            int runs = block.Length / width;
            Span<double> scores = _scores.AsSpan(0, runs);
            _table.Expand(block, runs, _columns);
            Combine(_columns, _weights, scores);
            for (int run = 0; run < runs; run++)
            {
                double margin = label * scores[run];
                double chance = 1 / (1 + Math.Exp(margin)); // of the other label
                loss += margin > 0 ? NearOne.LogOnePlus(Math.Exp(-margin)) : NearOne.LogOnePlus(Math.Exp(margin)) - margin;
                scores[run] = label * chance;
                _curvatures[run] = chance * (1 - chance);
            }
            Accumulate(runs);
        }
        return loss;
    }

    private void Accumulate(int runs)
    {
        Span<double> weighted = _weighted.AsSpan(0, runs);
        for (int j = 0; j < _weights.Length; j++)
        {
            ReadOnlySpan<double> column = _columns.AsSpan(j * runs, runs);
            _gradient[j] += Dot(column, _scores.AsSpan(0, runs));
            for (int run = 0; run < runs; run++)
                weighted[run] = column[run] * _curvatures[run];
            for (int k = 0; k <= j; k++)
                _hessian[j, k] += Dot(weighted, _columns.AsSpan(k * runs, runs));
        }
    }

    // The solution of Hessian·x = gradient by Cholesky's factors, which the ridge keeps away from 0.
    private double[] Direction()
    {
        int n = _weights.Length;
        double[,] factor = new double[n, n];
        double[] solution = new double[n];
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                double rest = _hessian[j, k];
                for (int i = 0; i < k; i++)
                    rest -= factor[j, i] * factor[k, i];
                factor[j, k] = j == k ? Math.Sqrt(Math.Max(rest, Ridge / 2)) : rest / factor[k, k];
            }
            double right = _gradient[j];
            for (int i = 0; i < j; i++)
                right -= factor[j, i] * solution[i];
            solution[j] = right / factor[j, j];
        }
        for (int j = n - 1; j >= 0; j--)
        {
            for (int i = j + 1; i < n; i++)
                solution[j] -= factor[i, j] * solution[i];
            solution[j] /= factor[j, j];
        }
        return solution;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
            sums += new Vector<double>(left[i..]) * new Vector<double>(right[i..]);
        double sum = Vector.Sum(sums);
        for (; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
