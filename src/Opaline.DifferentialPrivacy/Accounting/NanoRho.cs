using System.Globalization;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// An amount of zero-concentrated privacy loss in units of 10^−9 ρ: the ledger's exact integer. Losses are rounded up to it, budgets down.
/// Sums are checked.
/// </summary>
public readonly record struct NanoRho : IComparable<NanoRho>
{
    private const long PerRho = 1_000_000_000;

    /// <summary>The amount of <paramref name="value"/>·10^−9 ρ.</summary>
    /// <param name="value">Nano-ρ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public NanoRho(long value)
    {
        Domain.NotNegative(value);
        Value = value;
    }

    /// <summary>No loss.</summary>
    public static NanoRho Zero => default;

    /// <summary>The amount in nano-ρ.</summary>
    public long Value { get; }

    /// <summary>The amount as an exact ρ.</summary>
    public Rational Rho => new(Value, PerRho);

    /// <summary>A loss: the least amount that is not below ρ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ρ is negative or above 9.2·10^9.</exception>
    public static NanoRho RoundUp(Rational rho)
    {
        Domain.Rho(rho);
        return new((long)(rho * PerRho).Ceiling());
    }

    /// <summary>A loss: the least amount that is not below ρ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ρ is NaN, infinite, negative or above 9.2·10^9.</exception>
    public static NanoRho RoundUp(double rho)
    {
        Domain.NotNegative(rho);
        return RoundUp(Rational.FromDouble(rho));
    }

    /// <summary>A budget: the greatest amount that is not above ρ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ρ is negative or above 9.2·10^9.</exception>
    public static NanoRho RoundDown(Rational rho)
    {
        Domain.Rho(rho);
        return new((long)(rho * PerRho).Floor());
    }

    /// <summary>A budget: the greatest amount that is not above ρ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ρ is NaN, infinite, negative or above 9.2·10^9.</exception>
    public static NanoRho RoundDown(double rho)
    {
        Domain.NotNegative(rho);
        return RoundDown(Rational.FromDouble(rho));
    }

    /// <summary>A loss in equal parts, which differ by at most one nano-ρ and sum to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is not one nano-ρ for each part.</exception>
    internal static NanoRho[] Split(NanoRho rho, int parts)
    {
        if (rho.Value < parts)
            throw new ArgumentOutOfRangeException(nameof(rho), rho, $"rho must be at least {parts} nano-ρ, one for each noisy number.");
        NanoRho[] shares = new NanoRho[parts];
        for (int i = 0; i < parts; i++)
            shares[i] = new NanoRho((rho.Value / parts) + (i < rho.Value % parts ? 1 : 0));
        return shares;
    }

    /// <inheritdoc/>
    public int CompareTo(NanoRho other) => Value.CompareTo(other.Value);

    /// <summary>The amount with its unit, for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} nρ");

    /// <summary>The loss of both (zCDP composes by adding, also when the second was chosen after the first answer).</summary>
    /// <exception cref="OverflowException">The sum is above 9.2·10^9 ρ.</exception>
    public static NanoRho operator +(NanoRho left, NanoRho right) => new(checked(left.Value + right.Value));

    /// <summary>Whether left is below right.</summary>
    public static bool operator <(NanoRho left, NanoRho right) => left.Value < right.Value;

    /// <summary>Whether left is above right.</summary>
    public static bool operator >(NanoRho left, NanoRho right) => left.Value > right.Value;

    /// <summary>Whether left is not above right.</summary>
    public static bool operator <=(NanoRho left, NanoRho right) => left.Value <= right.Value;

    /// <summary>Whether left is not below right.</summary>
    public static bool operator >=(NanoRho left, NanoRho right) => left.Value >= right.Value;
}
