namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The discrete Fourier transform of a power of two of complex numbers, in place: forward from the natural to the bit-reversed order,
/// backward from there to the natural one, so that products need no reordering. In the L2 norm a transform errs by less than
/// <see cref="ErrorPerLevel"/>·log2 N of the result (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., theorem 24.2, with
/// twiddle factors good to two units).
/// </summary>
internal sealed class FourierTransform
{
    /// <summary>η = μ + γ4·(√2 + μ) of the theorem is below eight units.</summary>
    public const double ErrorPerLevel = 8 * RoundUp.Unit;

    private readonly int _length;
    private readonly double[] _cosines;
    private readonly double[] _sines;

    /// <param name="length">A power of two.</param>
    public FourierTransform(int length)
    {
        _length = length;
        _cosines = new double[length / 2];
        _sines = new double[length / 2];
        for (int k = 0; k < length / 2; k++)
            (_sines[k], _cosines[k]) = Math.SinCos(-2 * Math.PI * k / length);
    }

    /// <summary>log2 of the length.</summary>
    public int Levels => int.Log2(_length);

    /// <summary>The transform, in bit-reversed order.</summary>
    public void Forward(Span<double> real, Span<double> imaginary)
    {
        for (int half = _length / 2, stride = 1; half >= 1; half /= 2, stride *= 2)
        {
            for (int start = 0; start < _length; start += 2 * half)
            {
                Span<double> lowReal = real.Slice(start, half);
                Span<double> lowImaginary = imaginary.Slice(start, half);
                Span<double> highReal = real.Slice(start + half, half);
                Span<double> highImaginary = imaginary.Slice(start + half, half);
                for (int k = 0; k < lowReal.Length; k++)
                {
                    double differenceReal = lowReal[k] - highReal[k];
                    double differenceImaginary = lowImaginary[k] - highImaginary[k];
                    lowReal[k] += highReal[k];
                    lowImaginary[k] += highImaginary[k];
                    double cosine = _cosines[k * stride];
                    double sine = _sines[k * stride];
                    highReal[k] = (differenceReal * cosine) - (differenceImaginary * sine);
                    highImaginary[k] = (differenceReal * sine) + (differenceImaginary * cosine);
                }
            }
        }
    }

    /// <summary>The inverse transform, from bit-reversed order.</summary>
    public void Backward(Span<double> real, Span<double> imaginary)
    {
        for (int half = 1, stride = _length / 2; half < _length; half *= 2, stride /= 2)
        {
            for (int start = 0; start < _length; start += 2 * half)
            {
                Span<double> lowReal = real.Slice(start, half);
                Span<double> lowImaginary = imaginary.Slice(start, half);
                Span<double> highReal = real.Slice(start + half, half);
                Span<double> highImaginary = imaginary.Slice(start + half, half);
                for (int k = 0; k < lowReal.Length; k++)
                {
                    double cosine = _cosines[k * stride];
                    double sine = -_sines[k * stride];
                    double productReal = (highReal[k] * cosine) - (highImaginary[k] * sine);
                    double productImaginary = (highReal[k] * sine) + (highImaginary[k] * cosine);
                    highReal[k] = lowReal[k] - productReal;
                    highImaginary[k] = lowImaginary[k] - productImaginary;
                    lowReal[k] += productReal;
                    lowImaginary[k] += productImaginary;
                }
            }
        }
        double scale = 1.0 / _length;
        for (int k = 0; k < _length; k++)
        {
            real[k] *= scale;
            imaginary[k] *= scale;
        }
    }
}
