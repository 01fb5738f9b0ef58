using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Opaline.Storage;

namespace Opaline.Platform.Tests.TokenVault.Shredding;

/// <summary>Lets something happen between the resolving of a batch and its transaction.</summary>
internal sealed class Interruption
{
    public Func<Task>? Once { get; set; }

    public int Calls { get; private set; }

    public void Around(IServiceCollection services)
    {
        services.RemoveAll<IEventIntake>();
        services.AddSingleton<IEventIntake>(p => new Intake(this, p.GetRequiredService<IEventStore>() as IEventIntake ?? new InboxIntake()));
    }

    private sealed class Intake(Interruption owner, IEventIntake inner) : IEventIntake
    {
        public async Task<Func<ControlTransaction, int>> ReceiveAsync(
            long datasetId, IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows, DateTime receivedAt, CancellationToken cancellationToken)
        {
            owner.Calls++;
            Func<ControlTransaction, int> store = await inner.ReceiveAsync(datasetId, columns, rows, receivedAt, cancellationToken);
            if (owner.Once is { } once)
            {
                owner.Once = null;
                await once();
            }

            return store;
        }

        public IReadOnlyList<Guid> KeysAfter(ControlTransaction transaction, IReadOnlyList<long> datasetIds, IReadOnlyCollection<long> subjects, long afterLsn) =>
            inner.KeysAfter(transaction, datasetIds, subjects, afterLsn);
    }
}
