namespace Opaline.Platform.Tests.Governance.SubjectRights;

/// <summary>Lets something happen when the first bytes are written.</summary>
internal sealed class ErasingStream(Func<Task> once) : MemoryStream
{
    private Func<Task>? _once = once;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await base.WriteAsync(buffer, cancellationToken);
        if (_once is { } now)
        {
            _once = null;
            await now();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}
