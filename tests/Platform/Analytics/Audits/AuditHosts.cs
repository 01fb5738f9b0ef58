using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Audits;

/// <summary>Hosts for all questions of a class, with room in their budgets.</summary>
public sealed class AuditHosts : IAsyncDisposable
{
    /// <summary>With noise.</summary>
    internal AnalyticsHost Noisy { get; } = Start(null);

    /// <summary>Without, to see what is released.</summary>
    internal AnalyticsHost Silent { get; } = Start(AnalyticsHost.Silence);

    public async ValueTask DisposeAsync()
    {
        await Noisy.DisposeAsync();
        await Silent.DisposeAsync();
    }

    private static AnalyticsHost Start(NoiseDraw? draw) => new(
        draw, o => o.Budgets.Dataset = o.Budgets.Department = o.Budgets.Principal = new AccountOptions { Epsilon = 1_000, Delta = 0.9 });
}
