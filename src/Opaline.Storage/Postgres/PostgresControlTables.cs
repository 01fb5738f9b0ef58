namespace Opaline.Storage;

/// <summary>The tables of the hot paths in PostgreSQL: those of <see cref="ControlTables"/> in its words, and the triggers that make facts final.</summary>
internal static class PostgresControlTables
{
    public static IReadOnlyList<string> Create { get; } =
    [
        .. ControlTables.Tables.Select(Translate),
        .. ControlTables.Balances.Select(Translate),
        .. ControlTables.Reuse.Select(Translate),
        .. ControlTables.SubjectRights.Select(Translate),
        .. ControlTables.Rotation.Select(Translate),
        OrdinalSeal.Create,

        // Compressing an answer takes longer than writing it.
        "ALTER TABLE release ALTER COLUMN answer_json SET STORAGE EXTERNAL",

        // Fields whose columns were taken away: their values are never stored again.
        "CREATE TABLE retired_field (field_id BIGINT PRIMARY KEY)",

        .. Refuse("ledger_charge_final", "RAISE EXCEPTION 'a charge is final';", "ledger_charge", "UPDATE OR DELETE"),
        .. Refuse(
            "ledger_balance_never_falls",
            """
            IF NEW.nano_rho < OLD.nano_rho OR NEW.atto_delta < OLD.atto_delta THEN
                RAISE EXCEPTION 'a total never falls';
            END IF;
            RETURN NEW;
            """,
            "ledger_balance",
            "UPDATE"),
        .. Refuse("ledger_balance_stays", "RAISE EXCEPTION 'a total stays';", "ledger_balance", "DELETE"),
        .. Refuse("audit_outbox_unchanged", "RAISE EXCEPTION 'the log is never changed';", "audit_outbox", "UPDATE"),
        .. Refuse(
            "audit_outbox_kept",
            """
            IF COALESCE((SELECT is_immutable = 1 OR OLD.at >= delete_before FROM audit_policy), TRUE) THEN
                RAISE EXCEPTION 'the log is kept';
            END IF;
            RETURN OLD;
            """,
            "audit_outbox",
            "DELETE"),
        .. Refuse(
            "audit_policy_only_tightens",
            """
            IF OLD.is_immutable = 1 OR NEW.is_immutable NOT IN (0, 1) THEN
                RAISE EXCEPTION 'an immutable log stays so';
            END IF;
            RETURN NEW;
            """,
            "audit_policy",
            "UPDATE"),
        .. Refuse("audit_policy_stays", "RAISE EXCEPTION 'the policy stays';", "audit_policy", "DELETE"),

        // TRUNCATE asks no trigger of rows.
        "CREATE FUNCTION opaline_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'what is written stays'; END $$",
        .. ((string[])["ledger_charge", "ledger_balance", "audit_outbox", "audit_policy"]).Select(t =>
            $"CREATE TRIGGER {t}_no_truncate BEFORE TRUNCATE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION opaline_no_truncate()"),
    ];

    private static string Translate(string table) => table
        .Replace("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", StringComparison.Ordinal)
        .Replace("INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY", StringComparison.Ordinal)
        .Replace("BLOB", "BYTEA", StringComparison.Ordinal)
        .Replace(" WITHOUT ROWID", "", StringComparison.Ordinal);

    private static string[] Refuse(string name, string body, string table, string on) =>
    [
        $"CREATE FUNCTION opaline_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        $"CREATE TRIGGER {name} BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION opaline_{name}()",
    ];
}
