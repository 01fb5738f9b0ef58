namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>The runner itself.</summary>
public class CaseFilesTests
{
    [Fact]
    public void All_296_cases_are_there_and_every_field_of_them_is_read()
    {
        Dictionary<string, int> counts = CaseFiles.Read().GroupBy(test => test.File).ToDictionary(file => file.Key, file => file.Count());
        Assert.Equal(296, counts.Values.Sum());
        Assert.Equal(36, counts["count_dp"]);
        Assert.Equal(38, counts["bounded_sum_dp"]);
        Assert.Equal(38, counts["long_bounded_sum_dp"]);
        Assert.Equal(47, counts["bounded_mean_dp"]);
        Assert.Equal(42, counts["bounded_stdv_dp"]);
        Assert.Equal(39, counts["bounded_quantiles_dp"]);
        Assert.Equal(14, counts["approximate_bounds_dp"]);
        Assert.Equal(19, counts["laplace_closeness"]);
        Assert.Equal(23, counts["gaussian_closeness"]);
    }

    [Fact]
    public void A_message_is_read_with_lists_comments_and_nested_messages()
    {
        ProtoMessage message = ProtoText.Parse("a: 1 # one\nb { c: \"x # y\", d: [] d: [1.5, -2e3] e: LAPLACE } b: { c: \"z\" }");
        Assert.Equal(1, message.Integer("a"));
        IReadOnlyList<ProtoMessage> nested = message.All("b");
        Assert.Equal(["x # y", "z"], nested.Select(b => b.Text("c")));
        Assert.Equal([1.5, -2000], nested[0].Numbers("d"));
        Assert.Equal("LAPLACE", nested[0].Text("e"));
        message.RefuseUnread();
    }

    [Theory]
    [InlineData("a: 1 c: 2")]
    [InlineData("a: 1 b { c: 2 }")]
    public void A_field_that_nobody_read_is_refused(string text)
    {
        ProtoMessage message = ProtoText.Parse(text);
        message.Integer("a");
        message.All("b");
        Assert.Throws<FormatException>(message.RefuseUnread);
    }

    [Theory]
    [InlineData("a: {")]
    [InlineData("a: 1 }")]
    [InlineData("a: [1 2]")]
    [InlineData("a 1")]
    [InlineData("a: ?")]
    [InlineData("a: }")]
    public void Malformed_text_is_refused(string text) => Assert.Throws<FormatException>(() => ProtoText.Parse(text));

    [Fact]
    public void The_decisions_are_those_of_the_formulas()
    {
        // By hand: a = (4, 1), b = (1, 4), n = 5, e^ε = 2: Σ max(0, a − 2b)/5 = 2/5 both ways.
        long[] left = [0, 0, 0, 0, 1];
        long[] right = [0, 1, 1, 1, 1];
        Assert.True(StatisticalTests.VerifiesDp(left, right, Math.Log(2), 0.3, 0.1001));
        Assert.False(StatisticalTests.VerifiesDp(left, right, Math.Log(2), 0.3, 0.0999));
        Assert.False(StatisticalTests.VerifiesDp([0, 0], [0, 7], 5, 0, 0.49)); // a value that only one set has counts in full
        // ΣC(a, 2) + ΣC(b, 2) − (4/5)·Σab = 6 + 6 − 0.8·8 = 5.6 against t²·4·5/4 = 5t².
        Assert.True(StatisticalTests.VerifiesCloseness(left, right, Math.Sqrt(5.61 / 5)));
        Assert.False(StatisticalTests.VerifiesCloseness(left, right, Math.Sqrt(5.59 / 5)));
    }

    [Theory]
    [InlineData(1.0, 1e-5, 3.73063163482)] // reference, section 3.2: computed from the formula of Balle and Wang
    [InlineData(1.0, 1e-6, 4.22467888933)]
    [InlineData(0.1, 1e-6, 36.3046904262)]
    [InlineData(5.0, 1e-6, 0.980049000309)]
    public void The_adapter_calibrates_Gaussian_noise_tightly(double epsilon, double delta, double sigma) =>
        Assert.Equal(sigma, FixedNoise.Sigma(epsilon, delta), sigma * 1e-10);

    [Fact]
    public void Ballots_end_as_their_rules_say()
    {
        Assert.True(Decide(new MajorityBallot(), "rwrwrwrwr"));
        Assert.True(Decide(new MajorityBallot(), "wwwww" + "rrrrr" + "rrrwrr"));
        Assert.False(Decide(new MajorityBallot(), "wwwww" + "rrrrr" + "wrwwww"));
        Assert.False(Decide(new MajorityBallot(), "rrrrwwwww" + "rrrrwwwww"));
        Assert.True(Decide(new LeadBallot(), new string('w', 25) + new string('r', 27)));
        Assert.False(Decide(new LeadBallot(), "r" + new string('w', 27)));
    }

    private static bool Decide(IBallot ballot, string votes)
    {
        for (int i = 0; i < votes.Length; i++)
        {
            Assert.Null(ballot.Holds);
            ballot.Cast(votes[i] == 'r');
        }
        return ballot.Holds!.Value;
    }
}
