using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Auditing;

/// <summary>Examples are laid out on grids, not drawn: these tests cannot fail by chance.</summary>
public class EventScoreTests
{
    [Fact]
    public void The_regression_finds_the_weight_of_a_flag()
    {
        // 60 % ones against 20 %: without a ridge the log-odds of a one are ln 3 and of a zero ln ½.
        LogisticScore score = Learn(1, i => [i % 5 < 3 ? 1 : 0], i => [i % 5 < 1 ? 1 : 0]);
        double[] scores = new double[2];
        score.Evaluate([1, 0], scores);
        Assert.Equal(Math.Log(3), scores[0], 0.02);
        Assert.Equal(Math.Log(0.5), scores[1], 0.02);
    }

    [Fact]
    public void The_regression_separates_what_a_line_separates()
    {
        // Points on a square, on either side of x + y = 99: no output alone tells them apart.
        double[] scores = new double[2000];
        LogisticScore score = Learn(2, i => Side(i, true), i => Side(i, false));
        score.Evaluate([.. Enumerable.Range(0, 2000).SelectMany(i => Side(i, true))], scores);
        Assert.InRange(scores.Count(s => s > 0), 1950, 2000);
        score.Evaluate([.. Enumerable.Range(0, 2000).SelectMany(i => Side(i, false))], scores);
        Assert.InRange(scores.Count(s => s < 0), 1950, 2000);

        static double[] Side(int i, bool above)
        {
            int x = i % 50;
            int y = i / 50 % 40;
            return above ? [x + 25, 99 - x + y - 10] : [x + 25, 59 - x + y - 10];
        }
    }

    [Fact]
    public void The_regression_sees_symbols_and_repetitions()
    {
        LogisticScore score = Learn(2, i => [i, i % 2 == 0 ? i : double.NaN], i => [i, i % 2 == 0 ? -i - 1 : double.NegativeInfinity]);
        double[] scores = new double[4];
        score.Evaluate([7, 7, 7, double.NaN, 7, -8, 7, double.NegativeInfinity], scores);
        Assert.True(scores[0] > 1 && scores[1] > 1);
        Assert.True(scores[2] < -1 && scores[3] < -1);
    }

    [Fact]
    public void The_same_examples_give_the_same_scores()
    {
        double[] once = new double[3];
        double[] again = new double[3];
        double[] outputs = [0.5, 3, -17];
        Learn(1, i => [i % 17], i => [i % 13]).Evaluate(outputs, once);
        Learn(1, i => [i % 17], i => [i % 13]).Evaluate(outputs, again);
        Assert.Equal(once, again);
    }

    [Fact]
    public void Outputs_far_beyond_the_examples_have_a_score()
    {
        double[] scores = new double[2];
        LogisticScore score = Learn(2, i => [i % 17, i % 5], i => [i % 13, i % 7]);
        score.Evaluate([double.MaxValue, double.MinValue, double.MinValue, double.MaxValue], scores);
        Assert.All(scores, x => Assert.True(double.IsFinite(x)));
    }

    [Fact]
    public void Nothing_is_learned_where_nothing_varies()
    {
        double[] constant = [.. Enumerable.Repeat(4.0, 5000)];
        Assert.Null(LogisticScore.Learn(1, constant, constant));
        Assert.Null(CellScore.OfOutputs(1, constant, constant));
        Assert.Null(CellScore.OfFloatForm(1, 0, constant, constant));
    }

    [Fact]
    public void Cells_are_ordered_by_how_much_oftener_they_were_seen()
    {
        // 1 in 60 % against 20 %, 2 in 20 % each, 3 in 20 % against 60 %.
        double[] first = Rows(i => [i % 5 < 3 ? 1 : i % 5 == 3 ? 2 : 3]);
        double[] second = Rows(i => [i % 5 < 3 ? 3 : i % 5 == 3 ? 2 : 1]);
        CellScore score = CellScore.OfOutputs(1, first, second)!;
        double[] scores = new double[4];
        score.Evaluate([1, 2, 3, 4], scores);
        Assert.True(scores[0] > 0.4);
        Assert.Equal(0, scores[1]);
        Assert.True(scores[2] < -0.4);
        Assert.Equal(0, scores[3]);
        Assert.Equal("outputs in one of 1 cells, such as (1)", score.Describe(0.4, reached: true));
    }

    [Fact]
    public void Too_many_cells_teach_nothing()
    {
        double[] distinct = [.. Enumerable.Range(0, 70_000)];
        Assert.Null(CellScore.OfOutputs(1, distinct, distinct));
    }

    [Theory]
    [InlineData(1.0, 0, 0)]
    [InlineData(-6.0, 2, 1)]
    [InlineData(0.75, -1, -2)]
    [InlineData(double.Epsilon, -1074, -1074)]
    [InlineData(double.MaxValue, 1023, 971)]
    public void The_form_of_a_double_is_its_magnitude_and_its_grid(double value, int magnitude, int grid) =>
        Assert.Equal(new FloatForm(magnitude, grid), FloatForm.Of(value));

    [Fact]
    public void Values_without_a_form_are_told_apart()
    {
        double[] values = [0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1];
        Assert.Equal(5, values.Select(FloatForm.Of).Distinct().Count());
        Assert.Equal(FloatForm.Of(0), FloatForm.Of(-0.0));
    }

    [Fact]
    public void Any_output_has_a_place_among_thresholds()
    {
        double[] scores = new double[5];
        new OutputScore(1, 0).Evaluate([double.NaN, double.NegativeInfinity, -3, 4, double.PositiveInfinity], scores);
        Assert.Equal(scores.Order(), scores);
        Assert.Equal(5, scores.Distinct().Count());
    }

    [Fact]
    public void The_choice_finds_the_threshold_that_promises_most()
    {
        // First: uniform on 0 … 999. Second: the same, but 900 … 949 fell on 0 … 49. So ≥ 900 is twice as likely, but ≥ 900 and < 950 is no
        // threshold.
        double[] first = [.. Enumerable.Range(0, 100_000).Select(i => (double)(i % 1000))];
        double[] second = [.. first.Select(x => x is >= 900 and < 950 ? x - 900 : x)];
        AuditEvent[] events = new EventChoice(0, 1e-7, 1_000_000, first.Length).Best(new OutputScore(1, 0), first, second);
        Assert.True(events[0].FirstIsLikelier && events[0].Reached);
        Assert.InRange(events[0].Threshold, 880, 900);
        Assert.InRange(events[0].Promise, 0.5, Math.Log(2));
        Assert.False(events[1].FirstIsLikelier || events[1].Reached);
        Assert.InRange(events[1].Threshold, 50, 60);
    }

    private static LogisticScore Learn(int width, Func<int, double[]> first, Func<int, double[]> second) =>
        LogisticScore.Learn(width, Rows(first), Rows(second))!;

    private static double[] Rows(Func<int, double[]> row) => [.. Enumerable.Range(0, 20_000).SelectMany(row)];
}
