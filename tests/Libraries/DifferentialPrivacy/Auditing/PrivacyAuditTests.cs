using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Auditing;

/// <summary>
/// The library's own mechanisms keep their loss under audit, and their broken twins do not. Runs are chosen so that a twin's bound lies
/// more than seven of its standard deviations above the claim: a miss has a chance below 1e-9. For false alarms see <see
/// cref="KnownMechanismsTests"/>.
/// </summary>
public class PrivacyAuditTests
{
    private const int Runs = 300_000;

    // Where a lone unit is shown with a chance of exactly δ, and never without it, one bound alone stands between the claim and a false
    // alarm.
    private const double DeltaIsMet = 1 - 1e-10;

    [Fact]
    public void Discrete_Laplace_noise_keeps_its_loss_and_half_of_it_does_not()
    {
        AuditResult sound = Audit(Noisy(new DiscreteLaplace(10)), 0, 1);
        Assert.InRange(sound.Epsilon, 0.05, 0.1); // about 0.08
        Assert.True(Audit(Noisy(new DiscreteLaplace(5)), 0, 1).Epsilon > 0.1); // about 0.18
    }

    [Fact]
    public void A_zero_counted_twice_is_noticed()
    {
        // P(0) is 0.1 where P(−1) is 0.045: a bound of about 0.6.
        AuditResult result = Audit(
            (input, outputs) =>
            {
                CryptographicBits bits = CryptographicBits.OfThread;
                long[] magnitudes = new long[outputs.Length];
                new Geometric(10).Fill(magnitudes);
                for (int i = 0; i < outputs.Length; i++)
                    outputs[i] = input + (magnitudes[i] * (bits.Next(1) == 1 ? -1 : 1));
            },
            0,
            1);
        Assert.True(result.Epsilon > 0.1, result.ToString());
    }

    [Fact]
    public void Discrete_Gaussian_noise_keeps_its_epsilon_and_delta_and_half_of_it_does_not()
    {
        DiscreteGaussian noise = new(100);
        // ε = 0.1: δ = P(X > ⌊εσ² − ½⌋) − e^ε·P(X > ⌊εσ² + ½⌋) (Canonne, Kamath, Steinke 2020), up to rounding.
        double delta = noise.UpperTail(10) - (Math.Exp(0.1) * noise.UpperTail(11)) + 1e-9;
        AuditResult sound = Audit(Noisy(noise), 0, 1, delta);
        Assert.InRange(sound.Epsilon, 0.01, 0.1); // about 0.06
        AuditResult half = Audit(Noisy(new DiscreteGaussian(25)), 0, 1, delta);
        Assert.True(half.Epsilon > 0.1, half.ToString()); // about 0.21
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public void Truncated_geometric_selection_keeps_its_epsilon_and_delta(int units)
    {
        AuditResult result = Audit(Kept(new TruncatedGeometric(0.5, 0.02, 1), 0), units, units + 1, 0.02, DeltaIsMet);
        Assert.InRange(result.Epsilon, 0, 0.5);
    }

    [Fact]
    public void A_selection_one_unit_too_generous_is_noticed()
    {
        // A lone unit is shown with chance π2 = 0.053 above δ, and never without it: 15,900 hits against none, of which 6,500 would do.
        AuditResult result = Audit(Kept(new TruncatedGeometric(0.5, 0.02, 1), 1), 0, 1, 0.02);
        Assert.True(result.Epsilon > 2, result.ToString());
    }

    [Fact]
    public void A_threshold_keeps_its_delta_with_or_equal_and_not_one_lower()
    {
        // With the δ of > the comparison ≥ shows a lone unit with chance 0.012 where δ is 0.003 (opendp/opendp#2922).
        GaussianThreshold threshold = GaussianThreshold.For(4, 1, new DiscreteGaussian(4).UpperTail(6));
        double delta = threshold.Loss.Delta.Delta.ToDoubleUp();
        Assert.Equal(0, Audit((units, outputs) => Show(units, outputs, threshold.Release), 0, 1, delta, DeltaIsMet).Epsilon);
        AuditResult twin = Audit((units, outputs) => Show(units, outputs, ReleaseLower), 0, 1, delta);
        Assert.True(twin.Epsilon > 2, twin.ToString());

        BigInteger? ReleaseLower(long units) =>
            units + threshold.Noise.Sample() is var noisy && noisy >= threshold.Threshold - 1 ? noisy : null;

        static void Show(int units, Span<double> outputs, Func<long, BigInteger?> release)
        {
            outputs.Fill(double.NaN);
            for (int i = 0; units > 0 && i < outputs.Length; i++)
                outputs[i] = (double?)release(units) ?? double.NaN;
        }
    }

    [Fact]
    public void Nothing_is_found_between_equal_inputs() => Assert.Equal(0, Audit(Noisy(new DiscreteLaplace(10)), 1, 1).Epsilon);

    [Fact]
    public void What_is_found_is_the_same_from_either_side()
    {
        // Either is about 0.48.
        AuditResult forth = Audit(Noisy(new DiscreteLaplace(2)), 0, 1);
        AuditResult back = Audit(Noisy(new DiscreteLaplace(2)), 1, 0);
        Assert.InRange(forth.Epsilon, 0.45, 0.5);
        Assert.InRange(back.Epsilon, 0.45, 0.5);
    }

    [Fact]
    public void The_result_says_what_it_rests_on()
    {
        AuditResult result = PrivacyAudit.LowerBound<double>(
            (input, outputs) => outputs.Fill(input),
            2,
            3,
            new AuditOptions(1) { TrainingRuns = 1000, FinalRuns = 5000, Confidence = 0.99, Delta = 0.1, Threads = 1 });
        Assert.Equal((0.1, 0.99, 5000L), (result.Delta, result.Confidence, result.Runs));
        Assert.Equal(result.FirstIsLikelier ? (5000L, 0L) : (0L, 5000L), (result.HitsOfFirst, result.HitsOfSecond));
        // p is at least a^(1/n), q at most 1 − a^(1/n), with a the share of 1 % that each of the bounds of four events may spend.
        double root = Math.Pow(0.01 / 8, 1.0 / 5000);
        Assert.InRange(result.Epsilon, Math.Log((root - 0.1) / (1 - root)) - 1e-5, Math.Log((root - 0.1) / (1 - root)));
        Assert.Contains("output", result.Event, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_runs_tell_apart_what_never_agrees_and_no_more_than_ten_runs_can()
    {
        AuditOptions few = new(1) { TrainingRuns = 10, FinalRuns = 10, Confidence = 0.9, Threads = 1 };
        AuditResult apart = PrivacyAudit.LowerBound<double>((input, outputs) => outputs.Fill(input), 2, 3, few);
        // All against none of ten: p is at least (0.1/8)^(1/10), q at most one less that.
        double root = Math.Pow(0.1 / 8, 0.1);
        Assert.InRange(apart.Epsilon, Math.Log(root / (1 - root)) - 1e-5, Math.Log(root / (1 - root)));
        Assert.Equal(0, PrivacyAudit.LowerBound<double>((_, outputs) => outputs.Clear(), 2, 3, few).Epsilon);
    }

    [Fact]
    public void Runs_that_stop_early_are_padded_with_symbols()
    {
        // The number of outputs is all that differs.
        AuditResult result = PrivacyAudit.LowerBound<int>(
            (length, outputs) =>
            {
                outputs.Fill(double.NaN);
                for (int i = 0; i < outputs.Length; i += 3)
                    outputs.Slice(i, length).Fill(0.5);
            },
            1,
            2,
            new AuditOptions(3) { TrainingRuns = 1000, FinalRuns = 10_000 });
        Assert.True(result.Epsilon > 5, result.ToString());
    }

    [Fact]
    public void An_exception_of_the_mechanism_is_passed_on()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => PrivacyAudit.LowerBound<int>(
            (_, _) => throw new InvalidOperationException("refused"), 1, 2, new AuditOptions(1)));
        Assert.All(error.InnerExceptions, inner => Assert.Equal("refused", inner.Message));
    }

    [Fact]
    public void An_audit_can_be_broken_off() => Assert.Throws<OperationCanceledException>(() => PrivacyAudit.LowerBound<int>(
        (_, outputs) => outputs.Clear(), 1, 2, new AuditOptions(1), new CancellationToken(canceled: true)));

    [Fact]
    public void Options_outside_their_range_are_refused_by_name()
    {
        Refused("width", "[1, 64]", () => new AuditOptions(0));
        Refused("width", "[1, 64]", () => new AuditOptions(65));
        Refused("TrainingRuns", "[10, 16777216]", () => new AuditOptions(1) { TrainingRuns = 9 });
        Refused("FinalRuns", "[10, 1099511627776]", () => new AuditOptions(1) { FinalRuns = (1L << 40) + 1 });
        Refused("Confidence", "(0, 1)", () => new AuditOptions(1) { Confidence = 1 });
        Refused("Confidence", "(0, 1)", () => new AuditOptions(1) { Confidence = double.NaN });
        Refused("Confidence", "at least 0.5", () => new AuditOptions(1) { Confidence = 0.49 });
        Refused("Delta", "[0, 1)", () => new AuditOptions(1) { Delta = -0.1 });
        Refused("Delta", "[0, 1)", () => new AuditOptions(1) { Delta = double.NaN });
        Refused("Threads", "at least 1", () => new AuditOptions(1) { Threads = 0 });

        static void Refused(string name, string range, Func<AuditOptions> options)
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(options);
            Assert.Equal(name, error.ParamName);
            Assert.Contains(range, error.Message, StringComparison.Ordinal);
        }
    }

    private static AuditResult Audit(
        AuditedMechanism<int> mechanism, int first, int second, double delta = 0, double confidence = 1 - 1e-6) => PrivacyAudit.LowerBound(
            mechanism,
            first,
            second,
            new AuditOptions(1) { TrainingRuns = 50_000, FinalRuns = Runs, Delta = delta, Confidence = confidence },
            TestContext.Current.CancellationToken);

    private static AuditedMechanism<int> Noisy(IDiscreteNoise noise) => (input, outputs) =>
    {
        long[] draws = new long[outputs.Length];
        noise.Fill(draws);
        for (int i = 0; i < draws.Length; i++)
            outputs[i] = input + draws[i];
    };

    private static AuditedMechanism<int> Kept(TruncatedGeometric selection, int generosity) => (units, outputs) =>
    {
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = units > 0 && selection.Keeps(units + generosity) ? 1 : 0;
    };
}
