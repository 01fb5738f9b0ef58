using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Auditing;

/// <summary>
/// A mechanism of known soundness with the inputs on which DP-Sniper found most (its published log dd_search_reg_data.log).
/// </summary>
/// <param name="Name">Its name there.</param>
/// <param name="Mechanism">The mechanism.</param>
/// <param name="Width">Its outputs in a run.</param>
/// <param name="First">An input.</param>
/// <param name="Second">Its neighbour.</param>
/// <param name="Limit">For a broken one the ε it claims, for a sound one the ε it has on these inputs.</param>
/// <param name="Broken">Whether the bound must be above the limit, or must not.</param>
/// <param name="Published">The bound of DP-Sniper at 90 % from 2·10^8 runs.</param>
internal sealed record AuditCase(
    string Name, AuditedMechanism<int[]> Mechanism, int Width, int[] First, int[] Second, double Limit, bool Broken, double Published)
{
    private const double Nominal = 0.1;

    private static readonly int[] s_ones = [1, 1, 1, 1, 1];
    private static readonly int[] s_low = [0, 1, 1, 1, 1];
    private static readonly int[] s_tenOnes = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    private static readonly int[] s_twosThenZeros = [2, 2, 2, 2, 2, 0, 0, 0, 0, 0];
    private static readonly int[] s_onesThenZeros = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0];
    private static readonly int[] s_zerosThenOnes = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];

    public static IReadOnlyList<AuditCase> All { get; } =
    [
        Sound("Laplace", KnownMechanisms.Additive(10), 1, [1], [2], 0.0968),
        new("TruncGeometric", KnownMechanisms.TruncatedGeometricCount, 1, [2], [1], Math.Log(1.125), false, 0.1156),
        Sound("NoisyHist1", KnownMechanisms.Additive(10), 5, s_low, s_ones, 0.0978),
        Flawed("NoisyHist2", KnownMechanisms.Additive(1, 10), 5, s_low, s_ones, 4.602), // the scale is ε, not 1/ε
        Sound("RNM1", KnownMechanisms.NoisyMax(scale => AuditedNoise.Laplace(scale), false), 1, s_ones, [0, 2, 2, 2, 2], 0.0923),
        Sound("RNM2", KnownMechanisms.NoisyMax(AuditedNoise.Exponential, false), 1, s_ones, [0, 2, 2, 2, 2], 0.0975),
        Flawed("RNM3", KnownMechanisms.NoisyMax(scale => AuditedNoise.Laplace(scale), true), 1, [0, 0, 0, 0, 0], s_ones, 0.2478),
        Flawed("RNM4", KnownMechanisms.NoisyMax(AuditedNoise.Exponential, true), 1, s_ones, [2, 2, 2, 2, 2], 0.3463),
        Sound("SVT1", KnownMechanisms.SparseVector(0.5, 20, (40, 1)), 10, s_zerosThenOnes, s_onesThenZeros, 0.0858),
        Sound("SVT2", KnownMechanisms.SparseVector(1, 20, (40, 1)), 10, s_zerosThenOnes, s_onesThenZeros, 0.0859),
        Flawed("SVT3", KnownMechanisms.SparseVector(1, 20, (20, 1), revealsValue: true), 10, s_tenOnes, s_twosThenZeros, 0.1716),
        Flawed("SVT4", KnownMechanisms.SparseVector(1, 40, (40, 3)), 10, s_tenOnes, s_twosThenZeros, 0.1687),
        Flawed("SVT5", KnownMechanisms.SparseVector(1, 20, (0, 1), stops: false), 10, s_twosThenZeros, s_tenOnes, 1.7612),
        Flawed("SVT6", KnownMechanisms.SparseVector(1, 20, (20, 1), stops: false), 10, s_onesThenZeros, s_zerosThenOnes, 0.272),
        new("PrefixSum", KnownMechanisms.PrefixSum, 10, s_tenOnes, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 10 * Nominal, false, 0.504),
        Flawed("float Laplace", KnownMechanisms.FloatLaplace, 1, [1], [0], 0.2521),
        Sound("snapped Laplace", KnownMechanisms.SnappedLaplace, 1, [0], [1], 0.0979),
    ];

    /// <summary>The final runs of the long form: more where the best events are rare.</summary>
    public long LongFormRuns => Name switch
    {
        "SVT1" or "SVT2" => 24_000_000,
        "SVT3" or "SVT4" or "RNM3" or "RNM4" => 16_000_000,
        "SVT6" => 8_000_000,
        _ => 4_000_000,
    };

    public override string ToString() => Name;

    private static AuditCase Sound(
        string name, AuditedMechanism<int[]> mechanism, int width, int[] first, int[] second, double published) =>
        new(name, mechanism, width, first, second, Nominal, false, published);

    private static AuditCase Flawed(
        string name, AuditedMechanism<int[]> mechanism, int width, int[] first, int[] second, double published) =>
        new(name, mechanism, width, first, second, Nominal, true, published);
}
