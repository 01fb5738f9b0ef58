using System.Diagnostics;
using System.Globalization;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Auditing;

public class KnownMechanismsTests(ITestOutputHelper output)
{
    [Fact]
    public void Probe()
    {
        long finalRuns = long.Parse(Environment.GetEnvironmentVariable("PROBE_RUNS") ?? "1000000", CultureInfo.InvariantCulture);
        int training = int.Parse(Environment.GetEnvironmentVariable("PROBE_TRAIN") ?? "100000", CultureInfo.InvariantCulture);
        string only = Environment.GetEnvironmentVariable("PROBE_ONLY") ?? "";
        foreach (AuditCase c in AuditCase.All)
        {
            if (only.Length > 0 && !only.Split(',').Contains(c.Name))
                continue;
            Stopwatch w = Stopwatch.StartNew();
            AuditResult r = PrivacyAudit.LowerBound(c.Mechanism, c.First, c.Second, new AuditOptions(c.Width) { FinalRuns = finalRuns, TrainingRuns = training });
            Console.WriteLine($"{c.Name,-16} {r.Epsilon:F4} (published {c.Published}) raw {Math.Log((double)Math.Max(r.HitsOfFirst, r.HitsOfSecond) / Math.Min(r.HitsOfFirst, r.HitsOfSecond)):F4} p={(double)Math.Max(r.HitsOfFirst, r.HitsOfSecond) / r.Runs:F4} {w.Elapsed.TotalSeconds:F1}s {r.Event}");
        }
        output.WriteLine("done");
    }
}
