using System.Globalization;
using System.Numerics;
using System.Reflection;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy;

/// <summary>
/// Every public constructor and static method of the library is called with each of its numbers out of range, and must refuse it by name. A
/// new member is covered as it is written; where it fails here, the message says what to do.
/// </summary>
public class BadArgumentTests
{
    /// <summary>
    /// A valid argument for each parameter, by "Type.Member(parameter)", else by parameter name, else by type. All together must be a valid
    /// call.
    /// </summary>
    private static readonly Dictionary<string, object> s_valid = new()
    {
        ["Double"] = 0.5,
        ["Int32"] = 2,
        ["Int64"] = 4L,
        ["BigInteger"] = BigInteger.One,
        ["Rational"] = (Rational)2,
        ["NanoRho"] = new NanoRho(500_000_000),
        ["AttoDelta"] = new AttoDelta(1_000_000_000_000),
        ["PrivacyLoss"] = new PrivacyLoss(new NanoRho(500_000_000), new AttoDelta(1_000_000_000_000)),
        ["IDiscreteNoise"] = new DiscreteLaplace(2),
        ["IPartitionSelection"] = new TruncatedGeometric(0.5, 0.02, 1),
        ["IEnumerable<Int32>"] = (int[])[1, 2, 3],
        ["absoluteError"] = 10L,
        ["threshold"] = (Rational)6,
        ["upper"] = 1000L,
        ["quantile"] = new Rational(1, 2),
        ["ValueGrid.Covering(upper)"] = 10.0,
        ["QuantileTree.new(upper)"] = 10.0,
        ["QuantileTree.ForPure(upper)"] = 10.0,
        ["QuantileTree.For(upper)"] = 10.0,
        ["ContributionBounds"] = new ContributionBounds(1, 3),
        ["ValueGrid"] = new ValueGrid(0, 100, 1),
        ["LossGrid"] = new LossGrid(0.01, LossRounding.Up),
        ["ImmutableArray<Double>"] = (System.Collections.Immutable.ImmutableArray<double>)[2, 4, 8],
        ["IReadOnlyCollection<ValueTuple<Double, Double>>"] = ((double, double)[])[(0.5, 0.3), (-0.5, 0.2)],
        ["IReadOnlyCollection<ValueTuple<IDiscreteNoise, BigInteger>>"] = ((IDiscreteNoise, BigInteger)[])[(new DiscreteLaplace(2), 1)],
        ["ISelectionMechanism"] = new PermuteAndFlip(1, 1, false),
        ["reports"] = 2L,
        ["AuditedMechanism<Int32>"] = (AuditedMechanism<int>)((input, outputs) => outputs.Fill(input)),
        ["AuditOptions"] = new AuditOptions(1) { TrainingRuns = 1000, FinalRuns = 1000 },
        ["CancellationToken"] = CancellationToken.None,
    };

    /// <summary>Types that hold an answer, whatever its numbers are: their constructors check nothing.</summary>
    private static readonly string[] s_answers =
        ["ConfidenceInterval", "NoisyMean", "NoisySum", "NoisyVariance", "IntegerBounds", "AuditResult"];

    /// <summary>Members that reflection cannot call, since they take a span: their own tests hold them to the same.</summary>
    private static readonly string[] s_testedElsewhere = ["CandidateQuantile.new"];

    private static readonly object[] s_huge =
    [
        1e300, double.Epsilon, BigInteger.Pow(10, 60), (Rational)BigInteger.Pow(10, 60), new Rational(1, BigInteger.Pow(10, 60)),
        new NanoRho(long.MaxValue), new NanoRho(1),
        new PrivacyLoss(new NanoRho(long.MaxValue), new AttoDelta(long.MaxValue)),
    ];

    /// <summary>The values of the attempts that a parameter may have, by "Type.Member(parameter)".</summary>
    private static readonly Dictionary<string, string[]> s_legal = new()
    {
        ["AttoDelta.new(value)"] = ["0"],
        ["AttoDelta.RoundUp(delta)"] = ["0"],
        ["AttoDelta.RoundDown(delta)"] = ["0"],
        ["NanoRho.new(value)"] = ["0"],
        ["ApproximateDp.new(epsilon)"] = ["0"],
        ["GaussianDp.DeltaFor(squaredMu)"] = ["0"],
        ["GaussianDp.DeltaFor(epsilon)"] = ["0"],
        ["GaussianDp.EpsilonFor(squaredMu)"] = ["0"],
        ["GaussianDp.SquaredMuFor(epsilon)"] = ["0"],
        ["GaussianDp.RhoOf(squaredMu)"] = ["0"],
        ["ConfidenceInterval.Of(noisy)"] = ["0", "-1"],
        ["VarianceAccuracy.Estimate(noisyCount)"] = ["0", "-1"],
        ["VarianceAccuracy.Estimate(noisySum)"] = ["0", "-1"],
        ["VarianceAccuracy.Estimate(noisyCentredSquares)"] = ["0", "-1"],
        ["AnalyticGaussian.For(epsilon)"] = ["0"],
        ["AnalyticGaussian.DeltaOf(epsilon)"] = ["0"],
        ["GaussianScale.ForError(absoluteError)"] = ["0"],
        ["GaussianScale.ForApproximate(epsilon)"] = ["0"],
        ["GaussianScale.DeltaOf(epsilon)"] = ["0"],
        ["LaplaceScale.ForError(absoluteError)"] = ["0"],
        ["LaplaceScale.ForApproximate(epsilon)"] = ["0"],
        ["LaplaceScale.ForApproximate(delta)"] = ["0"],
        ["LaplaceScale.DeltaOf(epsilon)"] = ["0"],
        ["ValueGrid.Covering(lower)"] = ["0", "-1"],
        ["ValueGrid.new(lower)"] = ["0", "-1"],
        ["IntervalQuantile.new(lower)"] = ["0", "-1"],
        ["IntervalQuantile.new(quantile)"] = ["0"],
        ["QuantileTree.new(lower)"] = ["0", "-1"],
        ["QuantileTree.ForPure(lower)"] = ["0", "-1"],
        ["QuantileTree.For(lower)"] = ["0", "-1"],
        ["AboveThreshold.new(threshold)"] = ["0", "-1"],
        ["PrivacyAudit.LowerBound(first)"] = ["0", "-1"], // inputs of the mechanism
        ["PrivacyAudit.LowerBound(second)"] = ["0", "-1"],
        ["PrivacyLossDistribution.OfApproximate(epsilon)"] = ["0"],
        ["PrivacyLossDistribution.OfApproximate(delta)"] = ["0"],
        ["RenyiDp.OfZcdp(rho)"] = ["0"],
        ["RenyiDp.OfGaussian(squaredMu)"] = ["0"],
        ["RenyiDp.OfLaplace(epsilon)"] = ["0"],
        ["RenyiDp.OfPure(epsilon)"] = ["0"],
        ["RenyiDp.OfBoundedRange(epsilon)"] = ["0"],
        ["NanoRho.RoundUp(rho)"] = ["0"],
        ["NanoRho.RoundDown(rho)"] = ["0"],
        ["PrivacyLoss.new(Rho)"] = ["0"],
        ["PrivacyLoss.OfPure(epsilon)"] = ["0"],
        ["PrivacyLoss.OfBoundedRange(epsilon)"] = ["0"],
        ["GaussianScale.RhoForError(absoluteError)"] = ["0"],
        ["LaplaceScale.RhoForError(absoluteError)"] = ["0"],
        ["Rational.new(numerator)"] = ["0", "-1"],
        ["Rational.new(denominator)"] = ["-1"],
        ["Rational.FromDouble(value)"] = ["-1", "0"],
        ["Rational.FromInteger(value)"] = ["0", "-1"],
        ["Zcdp.DeltaFor(rho)"] = ["0"],
        ["Zcdp.DeltaFor(epsilon)"] = ["0"],
        ["Zcdp.EpsilonFor(rho)"] = ["0"],
        ["Zcdp.OfPure(epsilon)"] = ["0"],
    };

    [Fact]
    public void Every_number_out_of_range_is_refused_by_name()
    {
        List<string> wrong = [];
        HashSet<string> met = [];
        foreach ((string member, MethodBase method) in Members())
        {
            ParameterInfo[] parameters = method.GetParameters();
            if (!parameters.Any(p => Attempts(p.ParameterType).Count > 0) || s_testedElsewhere.Contains(member))
                continue;
            if (parameters.Any(p => p.ParameterType.IsByRefLike))
            {
                wrong.Add($"{member} takes a span, which reflection cannot pass: test it beside the type, name it in s_testedElsewhere.");
                continue;
            }
            object?[]? valid = Valid(member, parameters, wrong);
            if (valid is null)
                continue;
            if (Call(method, valid) is { } refused)
            {
                wrong.Add($"{member} refuses the arguments of s_valid ({refused.Message}): give it valid ones there.");
                continue;
            }
            foreach (ParameterInfo parameter in parameters)
                wrong.AddRange(Wrong(member, method, parameter, valid, met));
        }
        wrong.AddRange(s_legal.Keys.Except(met).Select(key => $"s_legal names {key}, which refuses it or is gone: take the entry out."));
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    // What is in range by itself may be out of proportion to the rest: it is taken, or refused by naming one of the parameters. Nothing
    // overflows.
    [Fact]
    public void A_huge_number_is_taken_or_refused_by_name()
    {
        List<string> wrong = [];
        foreach ((string member, MethodBase method) in Members())
        {
            ParameterInfo[] parameters = method.GetParameters();
            if (parameters.Any(p => p.ParameterType.IsByRefLike) || Valid(member, parameters, []) is not { } valid)
                continue;
            foreach (ParameterInfo parameter in parameters)
                wrong.AddRange(WrongWhenHuge(member, method, parameter, valid));
        }
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    // The test of the test: a member that checks nothing, and one that fails in another way than by naming the parameter.
    [Theory]
    [InlineData(nameof(Twins.Unchecked), "takes value = NaN")]
    [InlineData(nameof(Twins.Unnamed), "throws OverflowException")]
    public void A_member_that_does_not_refuse_is_noticed(string name, string complaint)
    {
        MethodInfo twin = typeof(Twins).GetMethod(name)!;
        string[] wrong = [.. Wrong($"Twins.{name}", twin, twin.GetParameters()[0], [0.5], [])];
        Assert.Contains(wrong, w => w.Contains(complaint, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Wrong(
        string member, MethodBase method, ParameterInfo parameter, object?[] valid, HashSet<string> met)
    {
        string key = $"{member}({parameter.Name})";
        foreach ((string name, object value) in Attempts(parameter.ParameterType))
        {
            object?[] arguments = [.. valid];
            arguments[parameter.Position] = value;
            Exception? refused = Call(method, arguments);
            if (s_legal.GetValueOrDefault(key)?.Contains(name) == true)
            {
                if (refused is null)
                    met.Add(key);
                else
                    yield return $"{key} is said to take {name} in s_legal, but refuses it ({refused.Message}): take the entry out.";
            }
            else if (refused is null)
            {
                yield return $"{key} takes {parameter.Name} = {name}: check it through Arithmetic/Domain.cs, or, if it is legal, "
                    + "add it to s_legal of this test (a type that only holds answers: to s_answers).";
            }
            else if (refused is not ArgumentException { ParamName: { } named } || named != parameter.Name
                || !refused.Message.Contains(parameter.Name!, StringComparison.Ordinal))
            {
                yield return $"{key} throws {refused.GetType().Name} for {parameter.Name} = {name} ({refused.Message}): "
                    + "throw an ArgumentOutOfRangeException through Arithmetic/Domain.cs that names the parameter and its range.";
            }
        }
    }

    private static IEnumerable<string> WrongWhenHuge(string member, MethodBase method, ParameterInfo parameter, object?[] valid)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        foreach (object huge in s_huge.Where(h => h.GetType() == type))
        {
            object?[] arguments = [.. valid];
            arguments[parameter.Position] = huge;
            Exception? refused = Call(method, arguments);
            bool named = refused is ArgumentException argument && method.GetParameters().Any(p => p.Name == argument.ParamName);
            if (refused is not null && !named)
            {
                yield return $"{member}({parameter.Name}) throws {refused.GetType().Name} for {huge} ({refused.Message}): "
                    + "throw an ArgumentOutOfRangeException through Arithmetic/Domain.cs that names a parameter and its range.";
            }
        }
    }

    private static List<(string Name, object Value)> Attempts(Type declared)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(double))
        {
            double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1, 0];
            return [.. values.Select(x => (x.ToString(CultureInfo.InvariantCulture), (object)x))];
        }
        if (type == typeof(int))
            return [("0", 0), ("-1", -1)];
        if (type == typeof(long))
            return [("0", 0L), ("-1", -1L)];
        if (type == typeof(BigInteger))
            return [("0", BigInteger.Zero), ("-1", BigInteger.MinusOne)];
        if (type == typeof(Rational))
            return [("0", default(Rational)), ("-1", (Rational)(-1))];
        return type == typeof(NanoRho) ? [("0", NanoRho.Zero)] : [];
    }

    private static IEnumerable<(string Name, MethodBase Method)> Members()
    {
        foreach (Type exported in typeof(Rational).Assembly.GetExportedTypes())
        {
            if (exported.IsEnum || exported.IsInterface || exported.IsSubclassOf(typeof(Delegate)))
                continue;
            Type type = exported.IsGenericTypeDefinition
                ? exported.MakeGenericType([.. exported.GetGenericArguments().Select(_ => typeof(int))])
                : exported;
            foreach (ConstructorInfo constructor in s_answers.Contains(TypeName(exported)) ? [] : type.GetConstructors())
                yield return ($"{TypeName(exported)}.new", constructor);
            const BindingFlags declared = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
            foreach (MethodInfo method in type.GetMethods(declared).Where(m => !m.IsSpecialName))
            {
                yield return ($"{TypeName(exported)}.{method.Name}", method.IsGenericMethodDefinition
                    ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(_ => typeof(int))])
                    : method);
            }
        }
    }

    private static object?[]? Valid(string member, ParameterInfo[] parameters, List<string> wrong)
    {
        object?[] valid = new object?[parameters.Length];
        foreach (ParameterInfo parameter in parameters)
        {
            string key = $"{member}({parameter.Name})";
            string type = TypeName(parameter.ParameterType);
            string[] keys = [key, parameter.Name!, type];
            if (keys.Select(k => s_valid.GetValueOrDefault(k)).FirstOrDefault(parameter.ParameterType.IsInstanceOfType) is { } value)
            {
                valid[parameter.Position] = value;
            }
            else if (parameter.ParameterType is { IsEnum: true } or { FullName: "System.Boolean" }
                || Nullable.GetUnderlyingType(parameter.ParameterType) is not null)
            {
                valid[parameter.Position] = Activator.CreateInstance(parameter.ParameterType); // the default; null where there is one
            }
            else
            {
                wrong.Add($"{key} is a {type}: add a valid argument to s_valid of this test, under that type or under \"{key}\".");
                return null;
            }
        }
        return valid;
    }

    private static string TypeName(Type type) => type.IsGenericType && !type.IsGenericTypeDefinition
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>"
        : type.Name.Split('`')[0];

    private static Exception? Call(MethodBase method, object?[] arguments)
    {
        try
        {
            _ = method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(null, arguments);
            return null;
        }
        catch (TargetInvocationException failure)
        {
            return failure.InnerException;
        }
    }

    private static class Twins
    {
        public static double Unchecked(double value) => value;

        public static double Unnamed(double value) => double.IsNaN(value) ? throw new OverflowException() : value;
    }
}
