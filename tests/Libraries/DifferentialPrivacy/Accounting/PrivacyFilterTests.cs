using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting;

public class PrivacyFilterTests
{
    private static readonly PrivacyLoss s_budget = new(new NanoRho(1_000_000), new AttoDelta(5_000));

    // The adversary sees each answer and asks next for just what fits, a unit more, nothing, everything, or the longest amounts there are.
    // The twin forgets the δ.
    [Fact]
    public void No_adaptive_sequence_gets_more_than_the_budget_and_a_twin_lets_one()
    {
        bool twinExceeded = false;
        Gen.Select(Gen.Int[0, 6], Gen.Long[0, 300_000], Gen.Long[0, 2_000]).Array[1, 200].Sample(moves =>
        {
            PrivacyFilter filter = new(s_budget);
            (Int128 rho, Int128 delta) = (0, 0);
            (Int128 twinRho, Int128 twinDelta) = (0, 0);
            foreach ((int move, long someRho, long someDelta) in moves)
            {
                PrivacyLoss left = filter.Left;
                PrivacyLoss loss = move switch
                {
                    0 => left,
                    1 => new(new NanoRho(left.Rho.Value + 1), AttoDelta.Zero),
                    2 => new(NanoRho.Zero, new AttoDelta(left.Delta.Value + 1)),
                    3 => new(new NanoRho(long.MaxValue), new AttoDelta(long.MaxValue)),
                    4 => PrivacyLoss.None,
                    _ => new(new NanoRho(someRho), new AttoDelta(someDelta)),
                };
                if (twinRho + loss.Rho.Value <= s_budget.Rho.Value)
                    (twinRho, twinDelta) = (twinRho + loss.Rho.Value, twinDelta + loss.Delta.Value);
                twinExceeded |= twinDelta > s_budget.Delta.Value;

                bool fits = loss.Rho <= left.Rho && loss.Delta <= left.Delta;
                Assert.Equal(fits, filter.TryCharge(loss, out PrivacyRefusal? refusal));
                if (fits)
                {
                    Assert.Null(refusal);
                    (rho, delta) = (rho + loss.Rho.Value, delta + loss.Delta.Value);
                }
                else
                {
                    Assert.Equal(new PrivacyRefusal(loss, left), refusal);
                    Assert.True(refusal!.RhoIsShort || refusal.DeltaIsShort);
                    Assert.Equal(left, filter.Left); // a refusal costs nothing
                }
                Assert.True(rho <= s_budget.Rho.Value && delta <= s_budget.Delta.Value);
                Assert.Equal(filter.Budget, filter.Spent + filter.Left);
            }
        });
        Assert.True(twinExceeded);
    }

    [Fact]
    public void A_refusal_says_which_amount_is_short()
    {
        PrivacyFilter filter = new(s_budget);
        Assert.True(filter.TryCharge(new PrivacyLoss(new NanoRho(999_999), AttoDelta.Zero), out _));
        Assert.False(filter.TryCharge(new PrivacyLoss(new NanoRho(2), AttoDelta.Zero), out PrivacyRefusal? refusal));
        Assert.True(refusal.RhoIsShort);
        Assert.False(refusal.DeltaIsShort);
        Assert.Equal(new PrivacyLoss(new NanoRho(1), new AttoDelta(5_000)), refusal.Left);
        Assert.True(filter.TryCharge(refusal.Left, out _)); // what is left can be spent, to the last unit
        Assert.Equal(PrivacyLoss.None, filter.Left);
    }

    [Fact]
    public void Concurrent_charges_never_spend_twice()
    {
        PrivacyFilter filter = new(s_budget);
        int admitted = 0;
        Parallel.For(0, 4_000, _ =>
        {
            if (filter.TryCharge(new PrivacyLoss(new NanoRho(999), AttoDelta.Zero), out PrivacyRefusal? _))
                Interlocked.Increment(ref admitted);
        });
        Assert.Equal(1_000_000 / 999, admitted);
        Assert.Equal(admitted * 999, filter.Spent.Rho.Value);
    }
}
