using System.Data.Common;
using System.Threading.Channels;

namespace Opaline.Storage;

/// <summary>
/// The one writer of a control store. It takes works from a queue and commits as many as are waiting in one transaction, so that one
/// fsync serves them all; a savepoint keeps a work that throws from touching the others.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int QueueLength = 4_096;
    private const string Savepoint = "work";

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    private readonly IGroupWriter _writer;
    private readonly TimeProvider _time;
    private readonly Channel<PendingWrite> _queue =
        Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private readonly Task _writing;
    private readonly List<PendingWrite> _group = [];

    // The last of the group while its savepoint stands.
    private PendingWrite? _last;
    private volatile bool _failed;

    public GroupCommit(IGroupWriter writer, TimeProvider time)
    {
        _writer = writer;
        _time = time;
        _writing = Task.Run(RunAsync);
    }

    /// <summary>Whether a commit has failed; every write is refused then.</summary>
    public bool Failed => _failed;

    /// <summary>See <see cref="IControlStore.WriteAsync{T}"/>.</summary>
    public Task<T> WriteAsync<T>(Func<ControlTransaction, T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return QueueAsync(new PendingWrite<T>(work), cancellationToken);
    }

    /// <summary>Runs what needs the writer but no transaction, between two groups.</summary>
    public Task BetweenAsync(Action action, CancellationToken cancellationToken) =>
        QueueAsync(new PendingWrite<bool>(static _ => true) { Afterwards = action }, cancellationToken);

    /// <summary>Commits what was queued, and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    private async Task<T> QueueAsync<T>(PendingWrite<T> write, CancellationToken cancellationToken)
    {
        if (_failed)
            throw new StorageFailureException(_writer.FailedMessage);
        try
        {
            await _queue.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new StorageFailureException("The control store is closed.");
        }

        await using (cancellationToken.Register(() => write.Abandon(cancellationToken)))
            return await write.Task;
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            _group.Clear();
            if (_failed)
                RefuseWaiting();
            else
                CommitGroup();
        }
    }

    private void CommitGroup()
    {
        try
        {
            _last = null;
            using (DbTransaction transaction = _writer.Begin())
            {
                long begun = _time.GetTimestamp();
                while (_time.GetElapsedTime(begun) < Gathering && _queue.Reader.TryRead(out PendingWrite? write))
                {
                    if (!write.TryStart())
                        continue;
                    Release(transaction);
                    RunInSavepoint(transaction, write);
                }

                Commit(transaction);
            }

            foreach (PendingWrite write in _group)
                write.Publish();
            foreach (PendingWrite write in _group)
                write.Afterwards?.Invoke();
        }
        catch (Exception exception)
        {
            // A failed commit, an engine that rolled everything back, or a cache that could not follow: memory and disk may differ, and
            // a second fsync may lie. Only a restart reads again what is really there.
            _failed = true;
            _writer.ReportFailure(exception);
            foreach (PendingWrite write in _group)
                write.Fail(new StorageFailureException(_writer.FailedMessage));
            return;
        }

        foreach (PendingWrite write in _group)
            write.Succeed();
        if (!_writer.AfterCommit())
            _failed = true;
    }

    private void RunInSavepoint(DbTransaction transaction, PendingWrite write)
    {
        _group.Add(write);
        _last = write;
        transaction.Save(Savepoint);
        Try(transaction, () => write.Run(new ControlTransaction(transaction)));
    }

    // Only before another work: a commit takes the last savepoint with it.
    private void Release(DbTransaction transaction)
    {
        if (_last is { Waits: true } last)
            Try(transaction, () => last.Flush("RELEASE SAVEPOINT " + Savepoint));
        else if (_last is not null)
            transaction.Release(Savepoint);
        _last = null;
    }

    // Should a statement that waited fail, the rest of the batch is not run, and the others of the group are committed without that work.
    private void Commit(DbTransaction transaction)
    {
        if (_last is not { Waits: true } last || !Try(transaction, () => last.Flush("COMMIT")))
            transaction.Commit();
    }

    // False if the last work threw, and has been undone.
    private bool Try(DbTransaction transaction, Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception exception) when (_writer.GoesOn(exception))
        {
            transaction.Rollback(Savepoint);
            transaction.Release(Savepoint);
            _group.RemoveAt(_group.Count - 1);
            PendingWrite failed = _last!;
            _last = null;
            failed.Fail(_writer.Translate(exception));
            return false;
        }
    }

    private void RefuseWaiting()
    {
        while (_queue.Reader.TryRead(out PendingWrite? write))
        {
            if (write.TryStart())
                write.Fail(new StorageFailureException(_writer.FailedMessage));
        }
    }
}
