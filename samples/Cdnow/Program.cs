// How many purchases, how dear on average, and what does the one in the middle cost? Told so that no customer's purchases can be told from the answers:
// (1, 10^-6)-differential privacy of a customer, whose first three purchases count, each as at most 200 dollars.
// dotnet run --project samples/Cdnow [cdnow.csv.gz]; else OPALINE_DATA, else ../shared/data.
using System.Numerics;
using Opaline.DifferentialPrivacy;

const int PerCustomer = 3;
string folder = Environment.GetEnvironmentVariable("OPALINE_DATA") ?? "../shared/data";
long[] cents = Purchases.Read(args is [string path] ? path : Path.Combine(folder, "events", "cdnow.csv.gz"), PerCustomer);

PrivacyFilter budget = new(new PrivacyLoss(Zcdp.RhoFor(epsilon: 1, delta: 1e-6), AttoDelta.Zero));
NanoRho third = new(budget.Budget.Rho.Value / 3);
AdditiveNoise count = AdditiveNoise.GaussianFor(PerCustomer * PerCustomer, third);
BoundedMean mean = BoundedMean.For(ValueGrid.Covering(0, 200, new Rational(1, 100)), new ContributionBounds(1, PerCustomer), third);
IntervalQuantile median = new(0, 200_00, new Rational(1, 2), PerCustomer, epsilon: new Rational(1, 4)); // bounded range: ρ = ε²/8

if (!budget.TryCharge(count.Loss + mean.Loss + median.Loss, out PrivacyRefusal? refusal))
    throw new InvalidOperationException($"Not asked: {refusal}");
BigInteger noisyCount = count.Release(cents.Length);
NoisyMean noisyMean = mean.Release([.. cents.Select(c => c / 100.0)]);
long noisyMedian = median.Estimate(cents);

ConfidenceInterval around = mean.Interval(noisyMean, 0.95);
Console.WriteLine($"purchases {noisyCount} ± {count.MarginOfError(0.95)}");
Console.WriteLine($"mean      {noisyMean.Mean:F2} dollars, {around.Low:F2} to {around.High:F2}");
Console.WriteLine($"median    {noisyMedian / 100.0:F2} dollars, within {median.RankError(0.05).ToDoubleUp():F0} ranks of the middle");
Console.WriteLine($"left      {budget.Left} of {budget.Budget}; the ranges hold with 95 % confidence each");
