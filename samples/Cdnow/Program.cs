// How many purchases, how dear on average, and what does the one in the middle cost? Told so that no customer's purchases can be told from
// the answers: (1, 10^-6)-differential privacy of a customer, whose first three purchases count, each as at most 200 dollars.
// dotnet run --project samples/Cdnow [cdnow.csv.gz]; else OPALINE_DATA, else ../shared/data.
using System.Numerics;
using Opaline.DifferentialPrivacy;

const int PerCustomer = 3;
const long Most = 200_00;
string folder = Environment.GetEnvironmentVariable("OPALINE_DATA") ?? "../shared/data";
long[] cents = Purchases.Read(args is [string path] ? path : Path.Combine(folder, "events", "cdnow.csv.gz"), PerCustomer);

NanoRho budget = Zcdp.RhoFor(epsilon: 1, delta: 1e-6);
NanoRho third = new(budget.Value / 3);
AdditiveNoise count = AdditiveNoise.GaussianFor(PerCustomer * PerCustomer, third);
AdditiveNoise sum = AdditiveNoise.GaussianFor(BigInteger.Pow(PerCustomer * (Most / 2), 2), third); // around the middle: half the change
Histogram<long> byDollar = new(Enumerable.Range(0, 201).Select(dollar => (long)dollar), PerCustomer, PerCustomer, third);

BigInteger noisyCount = count.Release(cents.Length);
BigInteger noisySum = sum.Release(cents.Sum(c => Math.Min(c, Most) - (Most / 2)));
Dictionary<long, long> exact = cents.GroupBy(c => Math.Min(c, Most) / 100).ToDictionary(g => g.Key, g => g.LongCount());
KeyValuePair<long, BigInteger>[] dollars = byDollar.Release(exact);

double mean = ((Most / 2) + ((double)noisySum / (double)noisyCount)) / 100;
ConfidenceInterval around = new RatioAccuracy(sum.Law, count.Law, 0.95).Interval(noisySum, noisyCount);
BigInteger below = 0;
long median = dollars.SkipWhile(d => 2 * (below += d.Value) < noisyCount).First().Key;

Console.WriteLine($"purchases {noisyCount} ± {count.HalfWidth(0.95)}");
Console.WriteLine($"mean      {mean:F2} dollars, {100 + (around.Low / 100):F2} to {100 + (around.High / 100):F2}");
Console.WriteLine($"median    {median} dollars");
Console.WriteLine($"spent     {count.Loss + sum.Loss + byDollar.Loss} of {budget}; the ranges hold with 95 % confidence each");
