using Opaline.DifferentialPrivacy;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>The cases of all files that are there, in the order of their names, each with our mechanism for it.</summary>
internal static class CaseFiles
{
    private const string Ending = "_test_cases.textproto";

    // The grid of continuous values is so much finer than the granularity to which samples are rounded.
    private const int GridBits = 6;

    /// <summary>Google's implementations, and so the tolerances, take a vote of nine.</summary>
    public const int Votes = 9;

    public static IReadOnlyList<DpCase> Read()
    {
        string folder = Path.GetDirectoryName(Vectors.File($"dp/count_dp{Ending}"))!;
        return [.. Directory.GetFiles(folder, $"*{Ending}").Order(StringComparer.Ordinal).SelectMany(Read)];
    }

    public static IEnumerable<DpCase> Read(string path)
    {
        string name = Path.GetFileName(path)[..^Ending.Length];
        ProtoMessage file = ProtoText.Parse(File.ReadAllText(path));
        Assert.Equal(Votes, file.One("voting_parameters").Integer("number_of_votes"));
        ProtoMessage validity = file.One("validity_parameters");
        string kind = name.EndsWith("_closeness", StringComparison.Ordinal) ? "distribution_closeness" : name;
        List<DpCase> cases = [];
        foreach (ProtoMessage test in file.All($"{kind}_test_case"))
            cases.Add(new DpCase(name, cases.Count + 1, test.Text("name"), Trial(name, test, validity)));
        file.RefuseUnread();
        return cases;
    }

    private static ITrial Trial(string file, ProtoMessage test, ProtoMessage validity)
    {
        if (file is "laplace_closeness" or "gaussian_closeness")
        {
            ProtoMessage closeness = test.One("closeness_test_parameters");
            return new ClosenessTrial(file == "laplace_closeness", closeness, test.One("noise_sampling_parameters"), validity);
        }
        ProtoMessage promise = test.One("dp_test_parameters");
        ProtoMessage sampling = test.One($"{file.Replace("_dp", "", StringComparison.Ordinal)}_sampling_parameters");
        DpTarget target = new(
            sampling.Integer("number_of_samples"),
            promise.Number("epsilon"),
            promise.NumberOrZero("delta"),
            promise.Number("delta_tolerance"),
            validity.Number(file is "bounded_quantiles_dp" or "approximate_bounds_dp" ? "epsilon_specificity" : "distance_specificity"),
            validity.Number("failure_specificity"));
        FixedNoise noise = new(IsLaplace(sampling), sampling.Number("epsilon"), sampling.NumberOrZero("delta"));
        return file switch
        {
            "count_dp" => Count(target, noise, sampling),
            "bounded_sum_dp" => Sum(target, noise, sampling, promise.Number("granularity")),
            "long_bounded_sum_dp" => LongSum(target, noise, sampling, promise.Number("granularity")),
            "bounded_mean_dp" => Mean(target, noise, sampling, promise.Number("granularity")),
            "bounded_stdv_dp" => Deviation(target, noise, sampling, promise.Number("granularity")),
            "bounded_quantiles_dp" => Quantiles(target, noise, sampling, promise.Integer("num_of_buckets")),
            "approximate_bounds_dp" => Bounds(target, noise, sampling),
            _ => throw new FormatException($"The file '{file}' is not known here."),
        };
    }

    private static AdditiveTrial Count(DpTarget target, FixedNoise noise, ProtoMessage sampling)
    {
        int partitions = sampling.Integer("max_partitions_contributed");
        return new AdditiveTrial(
            target,
            noise.Noise(partitions, 1),
            (long)sampling.Numbers("raw_increment_by").Sum(),
            (long)sampling.Numbers("neighbour_raw_increment_by").Sum(),
            noise.Sensitivity(partitions, 1),
            granularityBits: 0);
    }

    private static AdditiveTrial Sum(DpTarget target, FixedNoise noise, ProtoMessage sampling, double granularity) =>
        Sum(target, noise, sampling, Grid(sampling, Math.ScaleB(granularity, -GridBits)), GridBits);

    // Sums of integers are integers: rounding to multiples of less than 1 leaves them as they are.
    private static LongSumTrial LongSum(DpTarget target, FixedNoise noise, ProtoMessage sampling, double granularity) =>
        new(
            Sum(target, noise, sampling, Grid(sampling, 1), Math.Max(0, PowerOfTwo(granularity))),
            Sum(target, noise, sampling, granularity));

    private static AdditiveTrial Sum(DpTarget target, FixedNoise noise, ProtoMessage sampling, ValueGrid grid, int granularityBits)
    {
        int partitions = sampling.Integer("max_partitions_contributed");
        double perPartition = Math.Max(Math.Abs(grid.Lower), Math.Abs(grid.Upper));
        BoundedSum sum = new(grid, new ContributionBounds(partitions, 1), noise.Noise(partitions, perPartition));
        return new AdditiveTrial(
            target,
            sum.Noise,
            (long)sum.Sum(sampling.Numbers("raw_entry")),
            (long)sum.Sum(sampling.Numbers("neighbour_raw_entry")),
            noise.Sensitivity(partitions, perPartition),
            granularityBits);
    }

    private static MeanTrial Mean(DpTarget target, FixedNoise noise, ProtoMessage sampling, double granularity)
    {
        ContributionBounds bounds = Contributions(sampling);
        ValueGrid grid = Grid(sampling, Math.ScaleB(granularity, -GridBits));
        FixedNoise half = noise.Part(2);
        BoundedMean mean = new(grid, bounds, Noise(half, bounds, 1), Noise(half, bounds, grid.Width));
        double sensitivity = noise.Sensitivity(bounds.MaxPartitions, bounds.MaxRowsPerPartition);
        return new MeanTrial(
            target, mean, sampling.Numbers("raw_entry"), sampling.Numbers("neighbour_raw_entry"), sensitivity, granularity);
    }

    private static DeviationTrial Deviation(DpTarget target, FixedNoise noise, ProtoMessage sampling, double granularity)
    {
        ContributionBounds bounds = Contributions(sampling);
        ValueGrid grid = Grid(sampling, Math.ScaleB(granularity, -GridBits));
        FixedNoise third = noise.Part(3);
        BoundedVariance variance = new(
            grid, bounds, Noise(third, bounds, 1), Noise(third, bounds, grid.Width), Noise(third, bounds, (double)grid.Width * grid.Width));
        double sensitivity = noise.Sensitivity(bounds.MaxPartitions, bounds.MaxRowsPerPartition);
        return new DeviationTrial(
            target, variance, sampling.Numbers("raw_entry"), sampling.Numbers("neighbour_raw_entry"), sensitivity, granularity);
    }

    private static QuantilesTrial Quantiles(DpTarget target, FixedNoise noise, ProtoMessage sampling, int buckets)
    {
        ContributionBounds bounds = Contributions(sampling);
        int height = sampling.Integer("tree_height");
        QuantileTree tree = new(
            sampling.Number("lower_bound"),
            sampling.Number("upper_bound"),
            sampling.Integer("branching_factor"),
            height,
            bounds,
            noise.Noise(bounds.MaxPartitions * height, bounds.MaxRowsPerPartition));
        return new QuantilesTrial(
            target, tree, sampling.Numbers("raw_entry"), sampling.Numbers("neighbour_raw_entry"), sampling.Numbers("rank"), buckets);
    }

    private static BoundsTrial Bounds(DpTarget target, FixedNoise noise, ProtoMessage sampling)
    {
        // Our bins are powers of two on the integers, which is what all cases ask for.
        Assert.Equal((1.0, 2.0), (sampling.Number("scale"), sampling.Number("base")));
        int rows = sampling.Integer("max_contributions");
        ApproximateBounds bounds = new(sampling.Integer("number_of_bins"), rows, noise.Noise(1, rows));
        return new BoundsTrial(target, bounds, sampling.Numbers("raw_entry"), sampling.Numbers("neighbour_raw_entry"));
    }

    private static IDiscreteNoise Noise(FixedNoise noise, ContributionBounds bounds, double perRow) =>
        noise.Noise(bounds.MaxPartitions, bounds.MaxRowsPerPartition * perRow);

    private static ContributionBounds Contributions(ProtoMessage sampling) =>
        new(sampling.Integer("max_partitions_contributed"), sampling.Integer("max_contributions_per_partition"));

    private static ValueGrid Grid(ProtoMessage sampling, double step) =>
        ValueGrid.Covering(sampling.Number("lower_bound"), sampling.Number("upper_bound"), Rational.FromDouble(step));

    private static bool IsLaplace(ProtoMessage sampling) => sampling.Text("noise_type") switch
    {
        "LAPLACE" => true,
        "GAUSSIAN" => false,
        string other => throw new FormatException($"The noise '{other}' is not known here."),
    };

    private static int PowerOfTwo(double value)
    {
        int power = Math.ILogB(value);
        Assert.Equal(value, Math.ScaleB(1, power));
        return power;
    }
}
