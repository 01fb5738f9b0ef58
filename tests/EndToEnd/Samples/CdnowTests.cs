using System.Globalization;
using System.Text.RegularExpressions;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Samples;

/// <summary>The sample that uses the library alone: it runs, and the library's README shows it as it is.</summary>
public sealed partial class CdnowTests
{
    private static readonly string Program = Path.Combine(Checkout.Root, "samples", "Cdnow", "Program.cs");

    [Fact]
    public async Task A_noisy_count_mean_and_median_come_with_error_bars_within_the_budget()
    {
        string? purchases = Checkout.Data("events/cdnow.csv.gz");
        Assert.SkipWhen(purchases is null, "The public data is not here: set OPALINE_DATA.");
        string sample = Path.Combine(Checkout.Root, "samples", "Cdnow", "bin", Checkout.Configuration, "net10.0", "Cdnow.dll");
        (int exitCode, string output, string error) = await Commands.RunAsync("dotnet", [sample, purchases]);
        Assert.True(exitCode == 0, output + error);
        double[] numbers = [.. Number().Matches(output).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];
        // The truth is 42,815 purchases, 33.56 and 24.74 dollars. σ of the count is 23.6: 200 are more than 8 of it, a chance below 1e-15.
        Assert.InRange(numbers[0], 42_815 - 200, 42_815 + 200);
        Assert.InRange(numbers[2], 30, 37);
        Assert.InRange(numbers[5], 20, 30);
    }

    [Fact]
    public void The_readme_of_the_library_shows_the_program_as_it_is()
    {
        string code = File.ReadAllText(Program).Trim();
        string readme = File.ReadAllText(Path.Combine(Checkout.Root, "src", "Opaline.DifferentialPrivacy", "README.md"));
        Assert.Contains($"```csharp\n{code}\n```", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_has_about_twenty_statements() =>
        Assert.InRange(File.ReadLines(Program).Count(l => l.EndsWith(';')), 15, 22);

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();
}
