namespace Opaline.Storage;

/// <summary>
/// The tables of the hot paths, which are used by plain SQL. Instants are microseconds since 1970 (<see cref="UnixMicros"/>). The column
/// types are those of PostgreSQL where SQLite does not care; AUTOINCREMENT keys are never used again. PostgreSQL's tables are made from
/// <see cref="Tables"/> too (<see cref="PostgresControlTables"/>); the triggers are each engine's own.
/// </summary>
internal static class ControlTables
{
    public static IReadOnlyList<string> Tables { get; } =
    [
        // What this file is: the event store beside it carries the same id.
        "CREATE TABLE installation (id INTEGER PRIMARY KEY CHECK (id = 1), store_id BLOB NOT NULL)",

        """
        CREATE TABLE inbox (
            lsn INTEGER PRIMARY KEY AUTOINCREMENT,
            dataset_id BIGINT NOT NULL,
            received_at BIGINT NOT NULL,
            row_count BIGINT NOT NULL,
            rows BLOB NOT NULL)
        """,

        // How far frames have been forgotten: an event store that lies behind it has lost rows that nobody can replay.
        "CREATE TABLE inbox_mark (id INTEGER PRIMARY KEY CHECK (id = 1), deleted_through BIGINT NOT NULL)",

        """
        CREATE TABLE idempotency (
            tenant TEXT NOT NULL,
            source TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            body_hash BLOB NOT NULL,
            received_at BIGINT NOT NULL,
            PRIMARY KEY (tenant, source, idempotency_key)) WITHOUT ROWID
        """,
        "CREATE INDEX idempotency_received ON idempotency (received_at)",

        """
        CREATE TABLE vault_entry (
            id INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            scope TEXT NOT NULL,
            join_id BLOB,
            salt BLOB,
            state BIGINT NOT NULL,
            UNIQUE (tenant, scope, join_id))
        """,
        """
        CREATE TABLE vault_holder (
            entry_id BIGINT NOT NULL,
            subject_id BIGINT NOT NULL,
            sealed BLOB NOT NULL,
            key_version BIGINT NOT NULL,
            PRIMARY KEY (entry_id, subject_id)) WITHOUT ROWID
        """,
        "CREATE INDEX vault_holder_subject ON vault_holder (subject_id)",
        "CREATE TABLE subject_key (subject_id INTEGER PRIMARY KEY, page BIGINT NOT NULL, wrapped BLOB NOT NULL, version BIGINT NOT NULL)",
        "CREATE INDEX subject_key_page ON subject_key (page)",
        """
        CREATE TABLE key_page (
            page INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            wrapped BLOB NOT NULL,
            version BIGINT NOT NULL,
            state BIGINT NOT NULL)
        """,
        "CREATE TABLE tenant_key (tenant TEXT NOT NULL, version BIGINT NOT NULL, wrapped BLOB NOT NULL, PRIMARY KEY (tenant, version))",

        """
        CREATE TABLE ledger_charge (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            plan_hash BLOB NOT NULL,
            account_kind TEXT NOT NULL,
            account_key TEXT NOT NULL,
            window_index BIGINT NOT NULL,
            block_from BIGINT NOT NULL,
            block_to BIGINT NOT NULL,
            nano_rho BIGINT NOT NULL CHECK (nano_rho >= 0),
            atto_delta BIGINT NOT NULL CHECK (atto_delta >= 0),
            charged_at BIGINT NOT NULL,
            voucher_id BIGINT NOT NULL)
        """,
        "CREATE INDEX ledger_charge_account ON ledger_charge (tenant, account_kind, account_key, window_index)",
        "CREATE INDEX ledger_charge_voucher ON ledger_charge (voucher_id)",
        """
        CREATE TABLE voucher (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            plan_hash BLOB NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('open', 'released')),
            nonce BLOB NOT NULL,
            as_of BIGINT NOT NULL,
            charged_at BIGINT NOT NULL)
        """,
        "CREATE INDEX voucher_plan ON voucher (tenant, plan_hash, state)",
        """
        CREATE TABLE release (
            id TEXT PRIMARY KEY,
            tenant TEXT NOT NULL,
            plan_hash BLOB NOT NULL,
            dataset_id BIGINT NOT NULL,
            tick BIGINT NOT NULL,
            as_of BIGINT NOT NULL,
            answer_json BLOB NOT NULL,
            released_at BIGINT NOT NULL,
            voucher_id BIGINT NOT NULL)
        """,
        "CREATE INDEX release_plan ON release (tenant, plan_hash, as_of)",

        """
        CREATE TABLE audit_outbox (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at BIGINT NOT NULL,
            tenant TEXT NOT NULL,
            actor TEXT NOT NULL,
            role TEXT,
            action TEXT NOT NULL,
            object TEXT NOT NULL,
            outcome TEXT NOT NULL,
            detail TEXT)
        """,
        "CREATE INDEX audit_outbox_actor ON audit_outbox (tenant, actor, seq)",
        "CREATE INDEX audit_outbox_action ON audit_outbox (tenant, action, seq)",
        "CREATE INDEX audit_outbox_at ON audit_outbox (tenant, at)",
        """
        CREATE TABLE audit_policy (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            is_immutable BIGINT NOT NULL,
            delete_before BIGINT NOT NULL)
        """,
    ];

    public static IReadOnlyList<string> Triggers { get; } =
    [
        // A charge and a release are facts: never changed, never refunded.
        "CREATE TRIGGER ledger_charge_no_update BEFORE UPDATE ON ledger_charge BEGIN SELECT RAISE(ABORT, 'a charge is final'); END",
        Irreplaceable("ledger_charge", "id"),
        "CREATE TRIGGER ledger_charge_no_delete BEFORE DELETE ON ledger_charge BEGIN SELECT RAISE(ABORT, 'a charge is final'); END",

        Irreplaceable("audit_outbox", "seq"),
        Irreplaceable("audit_policy", "id"),
        "CREATE TRIGGER audit_outbox_no_update BEFORE UPDATE ON audit_outbox BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END",
        """
        CREATE TRIGGER audit_outbox_no_delete BEFORE DELETE ON audit_outbox
        WHEN (SELECT is_immutable = 1 OR OLD.at >= delete_before FROM audit_policy) IS NOT 0
        BEGIN SELECT RAISE(ABORT, 'the log is kept'); END
        """,
        """
        CREATE TRIGGER audit_policy_only_tightens BEFORE UPDATE ON audit_policy
        WHEN OLD.is_immutable = 1 OR NEW.is_immutable NOT IN (0, 1)
        BEGIN SELECT RAISE(ABORT, 'an immutable log stays so'); END
        """,
        "CREATE TRIGGER audit_policy_stays BEFORE DELETE ON audit_policy BEGIN SELECT RAISE(ABORT, 'the policy stays'); END",
    ];

    /// <summary>
    /// Running totals of the ledger, so that a balance is one look and not a sum over all charges. Of each account one set of disjoint block
    /// intervals per window, and one (window -1) over all windows. The charges stay the facts: whoever opens the file compares.
    /// Alike in both engines.
    /// </summary>
    public static IReadOnlyList<string> Balances { get; } =
    [
        """
        CREATE TABLE ledger_balance (
            tenant TEXT NOT NULL,
            account_kind TEXT NOT NULL,
            account_key TEXT NOT NULL,
            window_index BIGINT NOT NULL,
            block_from BIGINT NOT NULL,
            block_to BIGINT NOT NULL CHECK (block_to > block_from),
            nano_rho BIGINT NOT NULL CHECK (nano_rho >= 0),
            atto_delta BIGINT NOT NULL CHECK (atto_delta >= 0),
            PRIMARY KEY (tenant, account_kind, account_key, window_index, block_from)) WITHOUT ROWID
        """,
        "CREATE INDEX ledger_charge_day ON ledger_charge (tenant, account_kind, account_key, charged_at)",
    ];

    /// <summary>What SQLite makes of them: it had charges before it had totals.</summary>
    public static IReadOnlyList<string> CreateBalances { get; } =
    [
        .. Balances,
        // What was charged before there were totals: every edge of an interval cuts, and a piece has paid for all intervals that cover it.
        """
        INSERT INTO ledger_balance (tenant, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta)
        WITH charge AS (
            SELECT tenant, account_kind, account_key, window_index, block_from, block_to, nano_rho, atto_delta FROM ledger_charge
            UNION ALL
            SELECT tenant, account_kind, account_key, -1, block_from, block_to, nano_rho, atto_delta FROM ledger_charge),
        edge AS (
            SELECT tenant, account_kind, account_key, window_index, block_from AS at FROM charge
            UNION
            SELECT tenant, account_kind, account_key, window_index, block_to FROM charge),
        piece AS (
            SELECT tenant, account_kind, account_key, window_index, at AS piece_from,
                LEAD(at) OVER (PARTITION BY tenant, account_kind, account_key, window_index ORDER BY at) AS piece_to
            FROM edge)
        SELECT p.tenant, p.account_kind, p.account_key, p.window_index, p.piece_from, p.piece_to, SUM(c.nano_rho), SUM(c.atto_delta)
        FROM piece p JOIN charge c
            ON c.tenant = p.tenant AND c.account_kind = p.account_kind AND c.account_key = p.account_key AND c.window_index = p.window_index
            AND c.block_from <= p.piece_from AND c.block_to > p.piece_from
        WHERE p.piece_to IS NOT NULL
        GROUP BY p.tenant, p.account_kind, p.account_key, p.window_index, p.piece_from, p.piece_to
        """,
        """
        CREATE TRIGGER ledger_balance_never_falls BEFORE UPDATE ON ledger_balance
        WHEN NEW.nano_rho < OLD.nano_rho OR NEW.atto_delta < OLD.atto_delta
        BEGIN SELECT RAISE(ABORT, 'a total never falls'); END
        """,
        "CREATE TRIGGER ledger_balance_stays BEFORE DELETE ON ledger_balance BEGIN SELECT RAISE(ABORT, 'a total stays'); END",
    ];

    /// <summary>What of a release can be added up further, whose questions it answers, and live counters; alike in both engines.</summary>
    public static IReadOnlyList<string> Reuse { get; } =
    [
        "ALTER TABLE release ADD COLUMN frame BLOB",
        "ALTER TABLE release ADD COLUMN source_json TEXT",
        // The newest first, without reading answers, which are long.
        "DROP INDEX release_plan",
        "CREATE INDEX release_plan ON release (tenant, plan_hash, as_of, released_at, voucher_id)",
        "CREATE INDEX release_frame ON release (tenant, frame, as_of, released_at, voucher_id)",
        """
        CREATE TABLE release_part (
            tenant TEXT NOT NULL,
            plan_hash BLOB NOT NULL,
            as_of BIGINT NOT NULL,
            released_at BIGINT NOT NULL,
            voucher_id BIGINT NOT NULL,
            release_id TEXT NOT NULL,
            first_measure BIGINT NOT NULL,
            measures BIGINT NOT NULL,
            PRIMARY KEY (tenant, plan_hash, as_of, released_at, voucher_id)) WITHOUT ROWID
        """,
        "CREATE TABLE live_counter (counter BLOB PRIMARY KEY, tenant TEXT NOT NULL, dataset_id BIGINT NOT NULL, voucher_id BIGINT NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE live_step (
            counter BLOB NOT NULL,
            step BIGINT NOT NULL,
            lsn BIGINT NOT NULL,
            as_of BIGINT NOT NULL,
            PRIMARY KEY (counter, step)) WITHOUT ROWID
        """,
        """
        CREATE TABLE live_node (
            counter BLOB NOT NULL,
            level BIGINT NOT NULL,
            place BIGINT NOT NULL,
            noisy BIGINT NOT NULL,
            PRIMARY KEY (counter, level, place)) WITHOUT ROWID
        """,
    ];

    /// <summary>What was revealed to whom, and who is or was erased; alike in both engines.</summary>
    public static IReadOnlyList<string> SubjectRights { get; } =
    [
        // One row per value that somebody asked for, known or not, beside its audit record: the quota, and who saw whom.
        """
        CREATE TABLE vault_reveal (
            audit_seq INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            actor TEXT NOT NULL,
            at BIGINT NOT NULL,
            entry_id BIGINT NOT NULL)
        """,
        "CREATE INDEX vault_reveal_actor ON vault_reveal (tenant, actor, at)",
        "CREATE INDEX vault_reveal_entry ON vault_reveal (entry_id)",
        // The person's number is forgotten once the person is erased; what stays is what the receipt says.
        """
        CREATE TABLE erasure (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            tenant TEXT NOT NULL,
            subject_scope TEXT NOT NULL,
            subject_id BIGINT UNIQUE,
            subject_token TEXT NOT NULL,
            requested_at BIGINT NOT NULL,
            requested_by TEXT NOT NULL,
            state BIGINT NOT NULL,
            backup_days BIGINT NOT NULL,
            shredded_at BIGINT,
            as_of BIGINT,
            erased_at BIGINT,
            datasets TEXT)
        """,
        "CREATE INDEX erasure_state ON erasure (state)",
        // Keys of events that were erased, for as long as their senders may repeat them: keyed digests, of nobody and of no dataset.
        "CREATE TABLE erased_event (event_key BLOB PRIMARY KEY, erased_at BIGINT NOT NULL) WITHOUT ROWID",
        "CREATE INDEX erased_event_at ON erased_event (erased_at)",
    ];

    /// <summary>Versions of a tenant's keys and their rotations; alike in both engines.</summary>
    public static IReadOnlyList<string> Rotation { get; } =
    [
        "ALTER TABLE tenant_key ADD COLUMN state BIGINT NOT NULL DEFAULT 1",
        "ALTER TABLE tenant_key ADD COLUMN made_at BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE tenant_key ADD COLUMN state_at BIGINT NOT NULL DEFAULT 0",
        // How far it is stands in the transaction of each step: whoever goes on after a crash begins where the last commit ended.
        """
        CREATE TABLE key_rotation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            from_version BIGINT NOT NULL,
            to_version BIGINT NOT NULL,
            phase BIGINT NOT NULL,
            requested_by TEXT NOT NULL,
            requested_at BIGINT NOT NULL,
            finished_at BIGINT,
            last_page BIGINT NOT NULL,
            pages BIGINT NOT NULL,
            pages_at_start BIGINT NOT NULL,
            holders BIGINT NOT NULL,
            damaged_pages BIGINT NOT NULL,
            damaged_keys BIGINT NOT NULL,
            damaged_holders BIGINT NOT NULL,
            UNIQUE (tenant, to_version))
        """,
    ];

    // INSERT OR REPLACE deletes without asking the delete triggers.
    private static string Irreplaceable(string table, string key) =>
        $"""
        CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
        BEGIN SELECT RAISE(ABORT, 'what is written stays'); END
        """;
}
