using Opaline.DifferentialPrivacy;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Noise against a reference law of the mean and variance that the file says, drawn in doubles. The twins are our noise shifted by the
/// file's part of the standard deviation, with the file's factor of the variance, and of the other shape.
/// </summary>
internal sealed class ClosenessTrial : ITrial
{
    // The grid of the noise is so much finer than the granularity.
    private const int GridBits = 6;

    private readonly int _samples;
    private readonly bool _laplace;
    private readonly double _mean;
    private readonly double _variance;
    private readonly double _tolerance;
    private readonly double _granularity;
    private readonly double _shift;
    private readonly long _statistic;
    private readonly IDiscreteNoise _noise;
    private readonly IDiscreteNoise _scaled;
    private readonly IDiscreteNoise _otherShape;

    public ClosenessTrial(bool laplace, ProtoMessage test, ProtoMessage sampling, ProtoMessage validity)
    {
        _samples = sampling.Integer("number_of_samples");
        _laplace = laplace;
        _mean = test.Number("mean");
        _variance = test.Number("variance");
        _tolerance = test.Number("l2_tolerance");
        _granularity = test.Number("granularity");
        double step = _granularity / (1 << GridBits);
        FixedNoise noise = new(laplace, sampling.Number("epsilon"), sampling.NumberOrZero("delta"));
        _noise = noise.Noise(sampling.Integer("l0_sensitivity"), sampling.Number("linf_sensitivity") / step);
        _statistic = (long)Math.Round(sampling.Number("raw_input") / step);
        _shift = validity.Number("shift_specificity") * Math.Sqrt(_variance) / step;
        _scaled = OfVariance(laplace, _variance * validity.Number("scale_specificity") / (step * step));
        _otherShape = OfVariance(!laplace, _variance / (step * step));
    }

    public IReadOnlyList<Claim> Claims { get; } =
        [new("the case", true), new("shifted", false), new("scaled", false), new("the other shape", false)];

    public bool[] Vote()
    {
        using Buffers buffers = new(_samples);
        Span<long> reference = buffers.Empty();
        Coins coins = new();
        for (int i = 0; i < reference.Length; i++)
        {
            double sample = _mean + (_laplace ? coins.Laplace(_variance) : coins.Gaussian(_variance));
            reference[i] = (long)Math.Floor((sample / _granularity) + 0.5);
        }
        Span<long> noise = buffers.Filled(_noise);
        Span<long> discrete = buffers.Empty();
        bool accepted = Accepts(reference, noise, _statistic, discrete);
        bool shifted = Accepts(reference, noise, _statistic + (long)Math.Ceiling(_shift), discrete);
        _scaled.Fill(noise);
        bool scaled = Accepts(reference, noise, _statistic, discrete);
        _otherShape.Fill(noise);
        return [accepted, shifted, scaled, Accepts(reference, noise, _statistic, discrete)];
    }

    private bool Accepts(ReadOnlySpan<long> reference, ReadOnlySpan<long> noise, long statistic, Span<long> discrete)
    {
        for (int i = 0; i < noise.Length; i++)
            discrete[i] = (statistic + noise[i] + (1 << (GridBits - 1))) >> GridBits;
        return StatisticalTests.VerifiesCloseness(discrete, reference, _tolerance);
    }

    private static IDiscreteNoise OfVariance(bool laplace, double variance) =>
        laplace ? FixedNoise.LaplaceOf(Math.Sqrt(variance / 2)) : FixedNoise.GaussianOf(Math.Sqrt(variance));
}
