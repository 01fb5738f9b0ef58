using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>Noise together with the sensitivity that it covers, and so with what its draws cost.</summary>
internal sealed class ReleaseNoise
{
    private readonly DiscreteLaplace? _laplace;
    private readonly DiscreteGaussian? _gaussian;

    /// <exception cref="ArgumentException">The noise is of a kind whose loss is not known here.</exception>
    public ReleaseNoise(IDiscreteNoise noise, BigInteger l1, BigInteger squaredL2, string name)
    {
        ArgumentNullException.ThrowIfNull(noise, name);
        _laplace = noise as DiscreteLaplace;
        _gaussian = noise as DiscreteGaussian;
        Noise = noise;
        if (_laplace is not null)
        {
            Epsilon = l1 / _laplace.Scale;
            Loss = PrivacyLoss.OfPure(Epsilon.Value);
        }
        else if (_gaussian is not null)
        {
            Loss = new PrivacyLoss(GaussianScale.RhoOf(squaredL2, _gaussian.SigmaSquared), AttoDelta.Zero);
        }
        else
        {
            throw new ArgumentException(
                $"{name} must be {nameof(DiscreteLaplace)} or {nameof(DiscreteGaussian)}: the loss of other noise is not known.", name);
        }
    }

    public IDiscreteNoise Noise { get; }

    public PrivacyLoss Loss { get; }

    /// <summary>ε where the noise is Laplace noise: ε = Δ1/s.</summary>
    public Rational? Epsilon { get; }

    public BigInteger Sample(IBitSource bits) => _laplace?.Sample(bits) ?? _gaussian!.Sample(bits);

    public void Fill(Span<long> destination, IBitSource bits)
    {
        _laplace?.Fill(destination, bits);
        _gaussian?.Fill(destination, bits);
    }

    /// <summary>A loss in equal parts, which differ by at most one nano-ρ and sum to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is not one nano-ρ for each part.</exception>
    public static NanoRho[] Parts(NanoRho rho, int parts)
    {
        if (rho.Value < parts)
            throw new ArgumentOutOfRangeException(nameof(rho), rho, $"rho must be at least {parts} nano-ρ, one for each noisy number.");
        NanoRho[] shares = new NanoRho[parts];
        for (int i = 0; i < parts; i++)
            shares[i] = new NanoRho((rho.Value / parts) + (i < rho.Value % parts ? 1 : 0));
        return shares;
    }
}
