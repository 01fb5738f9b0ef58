using System.Collections.Immutable;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>What a query asks for: a loss or an error, both checked.</summary>
/// <param name="Epsilon">ε; null where an error is asked for.</param>
/// <param name="Error">The error; null where ε is given.</param>
/// <param name="Errors">The absolute error of each measure where they were told relative to a release; else empty.</param>
/// <param name="Delta">δ of the whole query.</param>
/// <param name="Mechanism">The noise.</param>
internal sealed record Accuracy(double? Epsilon, ErrorTarget? Error, ImmutableArray<double> Errors, double Delta, NoiseMechanism Mechanism)
{
    /// <summary>What measures and key selection may cost together: the ρ of ε, or of the largest ε where an error is asked for; 0 of Laplace noise, which shares ε itself.</summary>
    public NanoRho Most { get; init; }

    /// <summary>The error that a measure may have.</summary>
    public double AbsoluteOf(int measure) => Errors.IsEmpty ? Error!.Absolute : Errors[measure];

    public static Accuracy Of(Query query, ImmutableArray<double> errors, AnalyticsOptions options)
    {
        if (query.RelativeError is { } relative)
            query = query with { Error = new ErrorTarget(errors.Max(), relative.Confidence) };
        if (query.Epsilon is not null && query.Error is not null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Give \"epsilon\" or \"error\", not both: one follows from the other.", "$.error");
        double delta = query.Delta ?? options.DefaultDelta;
        if (!QueryLimits.IsDelta(delta))
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidDelta, "delta must be a number from 1e-15 to 1e-3: a larger one would allow publishing whole persons.", "$.delta");
        }

        NoiseMechanism mechanism = query.Mechanism ?? NoiseMechanism.DiscreteGaussian;
        if (query.Error is { } error)
        {
            Check(error, mechanism);
            return new Accuracy(null, error, errors, delta, mechanism);
        }

        double epsilon = query.Epsilon ?? options.DefaultEpsilon;
        return double.IsFinite(epsilon) && epsilon > 0 && epsilon <= QueryLimits.MaxEpsilon
            ? new Accuracy(epsilon, null, [], delta, mechanism)
            : throw new QueryRefusedException(
                RefusalCodes.InvalidEpsilon, $"epsilon must be a number above 0 and at most {QueryLimits.MaxEpsilon}; 1 is usual, 0.1 is strict.", "$.epsilon");
    }

    private static void Check(ErrorTarget error, NoiseMechanism mechanism)
    {
        if (!double.IsFinite(error.Absolute) || error.Absolute <= 0 || error.Absolute > 1e18)
            throw new QueryRefusedException(RefusalCodes.InvalidErrorTarget, "\"absolute\" must be a number above 0.", "$.error.absolute");
        if (!(error.Confidence >= 0.5 && error.Confidence <= 0.999999))
            throw new QueryRefusedException(RefusalCodes.InvalidErrorTarget, "\"confidence\" must lie from 0.5 to 0.999999.", "$.error.confidence");
        if (mechanism != NoiseMechanism.DiscreteGaussian)
        {
            throw new QueryRefusedException(
                RefusalCodes.MechanismNotAvailable, "An error target is priced for the discrete Gaussian; with discrete_laplace give \"epsilon\".", "$.mechanism");
        }
    }
}
