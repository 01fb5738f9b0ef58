using Microsoft.Data.Sqlite;

namespace Opaline.Storage;

/// <summary>
/// A connection that keeps the statements of its commands prepared: most are asked again at once, and preparing one takes longer than running it. For one
/// caller at a time.
/// </summary>
internal sealed class SqliteSession(string connectionString) : SqliteConnection(connectionString)
{
    // Lists of parameters come in many lengths.
    private const int MaxStatements = 256;

    private readonly Dictionary<string, Statement> _idle = new(StringComparer.Ordinal);
    private bool _closing;

    /// <summary>A command of the SQL, with the parameters of its last use. Disposing of it gives it back.</summary>
    public SqliteCommand Command(string sql)
    {
        if (!_idle.Remove(sql, out Statement? statement))
            statement = new Statement(this, sql);
        statement.Transaction = Transaction;
        return statement;
    }

    /// <inheritdoc />
    public override void Close()
    {
        _closing = true;
        foreach (Statement statement in _idle.Values)
            statement.Dispose();
        _idle.Clear();
        base.Close();
    }

    private bool Keep(Statement statement) => !_closing && _idle.Count < MaxStatements && _idle.TryAdd(statement.CommandText, statement);

    private sealed class Statement : SqliteCommand
    {
        private readonly SqliteSession _session;

        public Statement(SqliteSession session, string sql)
            : base(sql, session) => _session = session;

        protected override void Dispose(bool disposing)
        {
            if (!disposing || !_session.Keep(this))
                base.Dispose(disposing);
        }
    }
}
