using System.Globalization;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A failure chance δ in units of 10^−18: the ledger's exact integer. Losses are rounded up to it, budgets down. Sums are checked; they may
/// pass 1, up to 9.2.
/// </summary>
public readonly record struct AttoDelta : IComparable<AttoDelta>
{
    private const long PerDelta = 1_000_000_000_000_000_000;

    /// <summary>The amount of <paramref name="value"/>·10^−18.</summary>
    /// <param name="value">Atto-δ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public AttoDelta(long value)
    {
        Domain.NotNegative(value);
        Value = value;
    }

    /// <summary>No failure.</summary>
    public static AttoDelta Zero => default;

    /// <summary>The amount in atto-δ.</summary>
    public long Value { get; }

    /// <summary>The amount as an exact δ.</summary>
    public Rational Delta => new(Value, PerDelta);

    /// <summary>A loss: the least amount that is not below δ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">δ lies outside [0, 1).</exception>
    public static AttoDelta RoundUp(double delta)
    {
        Domain.Delta(delta);
        return new((long)(Rational.FromDouble(delta) * PerDelta).Ceiling());
    }

    /// <summary>A budget: the greatest amount that is not above δ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">δ lies outside [0, 1).</exception>
    public static AttoDelta RoundDown(double delta)
    {
        Domain.Delta(delta);
        return new((long)(Rational.FromDouble(delta) * PerDelta).Floor());
    }

    /// <inheritdoc/>
    public int CompareTo(AttoDelta other) => Value.CompareTo(other.Value);

    /// <summary>The amount with its unit, for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} aδ");

    /// <summary>The loss of both.</summary>
    /// <exception cref="OverflowException">The sum is above 9.2.</exception>
    public static AttoDelta operator +(AttoDelta left, AttoDelta right) => new(checked(left.Value + right.Value));

    /// <summary>Whether left is below right.</summary>
    public static bool operator <(AttoDelta left, AttoDelta right) => left.Value < right.Value;

    /// <summary>Whether left is above right.</summary>
    public static bool operator >(AttoDelta left, AttoDelta right) => left.Value > right.Value;

    /// <summary>Whether left is not above right.</summary>
    public static bool operator <=(AttoDelta left, AttoDelta right) => left.Value <= right.Value;

    /// <summary>Whether left is not below right.</summary>
    public static bool operator >=(AttoDelta left, AttoDelta right) => left.Value >= right.Value;
}
